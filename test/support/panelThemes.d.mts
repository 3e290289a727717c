/** VS Code's four kinds of themes. */
export type ThemeName = 'dark' | 'light' | 'hc-dark' | 'hc-light';

export const themeNames: readonly ThemeName[];
export const themes: Readonly<Record<ThemeName, { readonly bodyClass: string; readonly colors: Readonly<Record<string, string>> }>>;
