/*
 * Colours of VS Code's four default kinds of themes, as VS Code gives them to the page of a webview: names of colours
 * with `-` for `.`. Only those that the panel may use. Colours that a theme leaves out are not set, as in VS Code.
 */

const shared = {
  'font-family': 'system-ui, "Noto Sans CJK SC", sans-serif',
  'font-size': '13px',
  'font-weight': 'normal',
  'editor-font-family': '"Droid Sans Mono", "DejaVu Sans Mono", monospace',
  'editor-font-size': '13px',
};

/** @typedef {'dark' | 'light' | 'hc-dark' | 'hc-light'} ThemeName */

/** @type {Record<ThemeName, { bodyClass: string, colors: Record<string, string> }>} */
export const themes = {
  dark: {
    bodyClass: 'vscode-dark',
    colors: {
      ...shared,
      'foreground': '#cccccc', 'descriptionForeground': '#9d9d9d', 'errorForeground': '#f85149', 'icon-foreground': '#cccccc', 'focusBorder': '#0078d4',
      'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', 'editorWidget-background': '#202020', 'editorWidget-foreground': '#cccccc',
      'panel-border': '#2b2b2b', 'widget-border': '#313131', 'widget-shadow': 'rgba(0, 0, 0, 0.36)', 'progressBar-background': '#0078d4',
      'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-border': 'rgba(255, 255, 255, 0.07)',
      'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#3c3c3c',
      'toolbar-hoverBackground': 'rgba(90, 93, 94, 0.31)', 'list-hoverBackground': '#2a2d2e',
      'input-background': '#313131', 'input-foreground': '#cccccc', 'input-border': '#3c3c3c', 'input-placeholderForeground': '#989898',
      'inputValidation-errorBackground': '#5a1d1d', 'inputValidation-errorBorder': '#be1100', 'inputValidation-warningBackground': '#352a05', 'inputValidation-warningBorder': '#b89500',
      'keybindingLabel-background': 'rgba(128, 128, 128, 0.17)', 'keybindingLabel-foreground': '#cccccc', 'keybindingLabel-border': 'rgba(51, 51, 51, 0.6)',
      'menu-background': '#1f1f1f', 'menu-foreground': '#cccccc', 'menu-border': '#454545', 'menu-selectionBackground': '#0078d4', 'menu-selectionForeground': '#ffffff',
      'textLink-foreground': '#4daafc', 'textLink-activeForeground': '#4daafc', 'textCodeBlock-background': '#2b2b2b',
      'textPreformat-foreground': '#d0d0d0', 'textPreformat-background': '#3c3c3c', 'textBlockQuote-background': '#2b2b2b', 'textBlockQuote-border': '#616161',
      'editorWarning-foreground': '#cca700', 'testing-iconPassed': '#73c991',
      'charts-blue': '#3794ff', 'charts-orange': '#d18616', 'charts-green': '#89d185',
    },
  },
  light: {
    bodyClass: 'vscode-light',
    colors: {
      ...shared,
      'foreground': '#3b3b3b', 'descriptionForeground': '#3b3b3b', 'errorForeground': '#f85149', 'icon-foreground': '#3b3b3b', 'focusBorder': '#005fb8',
      'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b', 'editorWidget-background': '#f8f8f8', 'editorWidget-foreground': '#3b3b3b',
      'panel-border': '#e5e5e5', 'widget-border': '#e5e5e5', 'widget-shadow': 'rgba(0, 0, 0, 0.16)', 'progressBar-background': '#005fb8',
      'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-border': 'rgba(0, 0, 0, 0.1)',
      'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
      'toolbar-hoverBackground': 'rgba(184, 184, 184, 0.31)', 'list-hoverBackground': '#f2f2f2',
      'input-background': '#ffffff', 'input-foreground': '#3b3b3b', 'input-border': '#cecece', 'input-placeholderForeground': '#767676',
      'inputValidation-errorBackground': '#f2dede', 'inputValidation-errorBorder': '#be1100', 'inputValidation-warningBackground': '#f6f5d2', 'inputValidation-warningBorder': '#b89500',
      'keybindingLabel-background': 'rgba(221, 221, 221, 0.4)', 'keybindingLabel-foreground': '#3b3b3b', 'keybindingLabel-border': 'rgba(204, 204, 204, 0.4)',
      'menu-background': '#ffffff', 'menu-foreground': '#3b3b3b', 'menu-border': '#cecece', 'menu-selectionBackground': '#005fb8', 'menu-selectionForeground': '#ffffff',
      'textLink-foreground': '#005fb8', 'textLink-activeForeground': '#005fb8', 'textCodeBlock-background': '#f8f8f8',
      'textPreformat-foreground': '#3b3b3b', 'textPreformat-background': 'rgba(0, 0, 0, 0.12)', 'textBlockQuote-background': '#f8f8f8', 'textBlockQuote-border': '#e5e5e5',
      'editorWarning-foreground': '#bf8803', 'testing-iconPassed': '#73c991',
      'charts-blue': '#1a85ff', 'charts-orange': '#d18616', 'charts-green': '#388a34',
    },
  },
  'hc-dark': {
    bodyClass: 'vscode-high-contrast',
    colors: {
      ...shared,
      'foreground': '#ffffff', 'descriptionForeground': 'rgba(255, 255, 255, 0.7)', 'errorForeground': '#f48771', 'icon-foreground': '#ffffff', 'focusBorder': '#f38518',
      'contrastBorder': '#6fc3df', 'contrastActiveBorder': '#f38518',
      'editor-background': '#000000', 'editor-foreground': '#ffffff', 'editorWidget-background': '#0c141f', 'editorWidget-foreground': '#ffffff',
      'panel-border': '#6fc3df', 'widget-border': '#6fc3df', 'progressBar-background': '#6fc3df',
      'button-foreground': '#ffffff', 'button-background': '#000000', 'button-border': '#6fc3df', 'button-secondaryForeground': '#ffffff',
      'input-background': '#000000', 'input-foreground': '#ffffff', 'input-border': '#6fc3df', 'input-placeholderForeground': 'rgba(255, 255, 255, 0.7)',
      'inputValidation-errorBackground': '#000000', 'inputValidation-errorBorder': '#6fc3df', 'inputValidation-warningBackground': '#000000', 'inputValidation-warningBorder': '#6fc3df',
      'keybindingLabel-background': 'transparent', 'keybindingLabel-foreground': '#ffffff', 'keybindingLabel-border': '#6fc3df',
      'menu-background': '#000000', 'menu-foreground': '#ffffff', 'menu-border': '#6fc3df',
      'textLink-foreground': '#21a6ff', 'textLink-activeForeground': '#21a6ff', 'textCodeBlock-background': '#000000',
      'textPreformat-foreground': '#ffffff', 'textPreformat-background': '#000000', 'textBlockQuote-border': '#ffffff',
      'editorWarning-foreground': '#ffd370', 'testing-iconPassed': '#73c991', 'toolbar-hoverOutline': '#f38518',
      'charts-blue': '#3794ff', 'charts-orange': '#d18616', 'charts-green': '#89d185',
    },
  },
  'hc-light': {
    // VS Code sets both.
    bodyClass: 'vscode-high-contrast-light vscode-high-contrast',
    colors: {
      ...shared,
      'foreground': '#292929', 'descriptionForeground': 'rgba(41, 41, 41, 0.7)', 'errorForeground': '#b5200d', 'icon-foreground': '#292929', 'focusBorder': '#006bbd',
      'contrastBorder': '#0f4a85', 'contrastActiveBorder': '#006bbd',
      'editor-background': '#ffffff', 'editor-foreground': '#292929', 'editorWidget-background': '#ffffff', 'editorWidget-foreground': '#292929',
      'panel-border': '#0f4a85', 'widget-border': '#0f4a85', 'progressBar-background': '#0f4a85',
      'button-foreground': '#ffffff', 'button-background': '#0f4a85', 'button-hoverBackground': '#0f4a85', 'button-border': '#0f4a85',
      'button-secondaryBackground': '#ffffff', 'button-secondaryForeground': '#292929', 'button-secondaryHoverBackground': '#ffffff',
      'input-background': '#ffffff', 'input-foreground': '#292929', 'input-border': '#0f4a85', 'input-placeholderForeground': 'rgba(41, 41, 41, 0.7)',
      'inputValidation-errorBackground': '#ffffff', 'inputValidation-errorBorder': '#0f4a85', 'inputValidation-warningBackground': '#ffffff', 'inputValidation-warningBorder': '#0f4a85',
      'keybindingLabel-background': 'transparent', 'keybindingLabel-foreground': '#292929', 'keybindingLabel-border': '#0f4a85',
      'menu-background': '#ffffff', 'menu-foreground': '#292929', 'menu-border': '#0f4a85', 'menu-selectionBackground': 'rgba(15, 74, 133, 0.1)', 'menu-selectionForeground': '#292929',
      'textLink-foreground': '#0f4a85', 'textLink-activeForeground': '#0f4a85', 'textCodeBlock-background': '#f2f2f2',
      'textPreformat-foreground': '#ffffff', 'textPreformat-background': '#09345f', 'textBlockQuote-background': '#f2f2f2', 'textBlockQuote-border': '#292929',
      'editorWarning-foreground': '#895503', 'testing-iconPassed': '#007100', 'toolbar-hoverOutline': '#006bbd',
      'charts-blue': '#1a85ff', 'charts-orange': '#d18616', 'charts-green': '#388a34',
    },
  },
};

/** @type {readonly ThemeName[]} */
export const themeNames = ['dark', 'light', 'hc-dark', 'hc-light'];
