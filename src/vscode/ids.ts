/*
 * Every id that package.json contributes and every setting that code reads, in one place; imports nothing.
 * `test/unit/manifest.test.ts` compares this list with package.json, both ways.
 */

/** Commands that package.json contributes; the key is the name that code uses. */
export const commandIds = {
  reasonAboutSelection: 'stepwise.reasonAboutSelection',
  reasonAboutFile: 'stepwise.reasonAboutFile',
  ask: 'stepwise.ask',
  stop: 'stepwise.stop',
  openPanel: 'stepwise.openPanel',
  openLastNote: 'stepwise.openLastNote',
  openNoteInPanel: 'stepwise.openNoteInPanel',
  compareRuns: 'stepwise.compareRuns',
  exportRun: 'stepwise.exportRun',
  openPanelInEditor: 'stepwise.openPanelInEditor',
  setGroqKey: 'stepwise.setGroqKey',
  setCompatibleKey: 'stepwise.setCompatibleKey',
  removeKeys: 'stepwise.removeKeys',
  chooseModel: 'stepwise.chooseModel',
  chooseTools: 'stepwise.chooseTools',
  showLog: 'stepwise.showLog',
  toggleComplexityLens: 'stepwise.toggleComplexityLens',
  startGateway: 'stepwise.startGateway',
  stopGateway: 'stepwise.stopGateway',
  copyGatewayUrl: 'stepwise.copyGatewayUrl',
  drawLessons: 'stepwise.drawLessons',
} as const;

/** Name of a contributed command. */
export type CommandName = keyof typeof commandIds;

/** Contributed commands about notes; the key is the name that code uses. */
export const noteCommandIds = {
  searchNotes: 'stepwise.searchNotes',
  filterNotes: 'stepwise.filterNotes',
  clearNotesFilter: 'stepwise.clearNotesFilter',
  groupNotesByDate: 'stepwise.groupNotesByDate',
  groupNotesByFile: 'stepwise.groupNotesByFile',
  refreshNotes: 'stepwise.refreshNotes',
  replayNote: 'stepwise.replayNote',
  openNoteFile: 'stepwise.openNoteFile',
  revealNoteCode: 'stepwise.revealNoteCode',
  rerunNote: 'stepwise.rerunNote',
  compareNotes: 'stepwise.compareNotes',
  exportNote: 'stepwise.exportNote',
  renameNote: 'stepwise.renameNote',
  deleteNote: 'stepwise.deleteNote',
} as const;

/** Name of a contributed command about notes. */
export type NoteCommandName = keyof typeof noteCommandIds;

/** What the marks above code call: shows the notes that they stand for. */
export const showNotesCommandId = 'stepwise.showNotes';

/** Id of the view that lists the notes. */
export const notesViewId = 'stepwise.notes';

/** Commands that only Stepwise's own buttons call; they take arguments and are not contributed. */
export const internalCommandIds = {
  openNote: 'stepwise.openNote',
  showRun: 'stepwise.showRun',
  goDeeper: 'stepwise.goDeeper',
  saveNote: 'stepwise.saveNote',
  reasonAboutLine: 'stepwise.reasonAboutLine',
} as const;

/** The section of all settings. */
export const settingsSection = 'stepwise';

/** Settings, without the section; the key is the name that code uses. */
export const settingKeys = {
  model: 'model',
  groqModel: 'groq.model',
  groqBaseUrl: 'groq.baseUrl',
  compatibleBaseUrl: 'openaiCompatible.baseUrl',
  compatibleModel: 'openaiCompatible.model',
  compatibleContextTokens: 'openaiCompatible.contextTokens',
  vscodeModel: 'vscode.model',
  maxIterations: 'maxIterations',
  includeThoughts: 'includeThoughts',
  systemPrompt: 'systemPrompt',
  additionalPrompts: 'additionalPrompts',
  protocol: 'protocol',
  temperature: 'temperature',
  maxTokensPerRun: 'maxTokensPerRun',
  maxTokensPerTurn: 'maxTokensPerTurn',
  timeLimitSeconds: 'timeLimitSeconds',
  retryMaxWaitSeconds: 'retry.maxWaitSeconds',
  stallTimeoutSeconds: 'stream.stallTimeoutSeconds',
  notesEnabled: 'notes.enabled',
  notesLocation: 'notes.location',
  redactPatterns: 'notes.redactPatterns',
  secretPatterns: 'tools.secretPatterns',
  externalTools: 'tools.external',
  panelLocation: 'panel.location',
  complexityLens: 'codeLens.complexity',
  noteLens: 'codeLens.notes',
  gatewayPort: 'gateway.port',
  gatewayAllowedOrigins: 'gateway.allowedOrigins',
  gatewayTools: 'gateway.tools',
} as const;

/** Name of a setting in code. */
export type SettingName = keyof typeof settingKeys;

/** Id of the chat participant `@reason`. */
export const participantId = 'stepwise.reason';

/** The participant's commands: the tasks that have one. */
export const participantCommands = ['complexity', 'explain', 'bugs', 'security', 'tests'] as const;

/** Vendor of the language models that Stepwise gives to VS Code. */
export const modelVendor = 'stepwise';

/** The workspace tools as `vscode.lm.tools` has them; the key is the name that runs use. */
export const languageModelToolNames = {
  analyze_complexity: 'stepwise_analyze_complexity',
  read_file: 'stepwise_read_file',
  list_files: 'stepwise_list_files',
  search_text: 'stepwise_search_text',
  document_symbols: 'stepwise_document_symbols',
  find_references: 'stepwise_find_references',
  diagnostics: 'stepwise_diagnostics',
} as const;

/** View type of the reasoning panel in an editor tab. */
export const panelViewType = 'stepwise.panel';

/** Id of the container in the activity bar that holds Stepwise's views. */
export const viewContainerId = 'stepwise';

/** Id of the reasoning panel as a view of the side bar. */
export const reasoningViewId = 'stepwise.reasoning';

/** Id of the walkthrough. */
export const walkthroughId = 'stepwise.start';

/** Keys of `when` clauses that the extension sets. */
export const contextKeys = {
  /** True while a run goes on. */
  running: 'stepwise.running',
  /** True once a note was written in this workspace. */
  hasNote: 'stepwise.hasNote',
  /** Paths of the notes in the editors that can be seen. */
  openNotes: 'stepwise.openNotes',
  /** True once a run was started; ticks the walkthrough's step. */
  hasRun: 'stepwise.hasRun',
  /** True while the reasoning API listens. */
  gatewayRunning: 'stepwise.gatewayRunning',
  /** True while a filter leaves notes out of their view. */
  notesFiltered: 'stepwise.notesFiltered',
  /** True once the notes are known: that there are none is said no sooner. */
  notesListed: 'stepwise.notesListed',
  /** True while the notes are grouped by date. */
  notesByDate: 'stepwise.notesByDate',
} as const;

/** Keys under which secrets lie in VS Code's SecretStorage. */
export const secretKeys = {
  groq: 'stepwise.groq.apiKey',
  openaiCompatible: 'stepwise.openaiCompatible.apiKey',
} as const;

/** Key under which the token of the reasoning API lies in SecretStorage. */
export const gatewayTokenKey = 'stepwise.gateway.token';

/** Keys of what is kept for all workspaces of this machine. */
export const globalStateKeys = {
  /** Fingerprints of the configured tools that the person agreed to. */
  agreedTools: 'stepwise.gateway.agreedTools',
} as const;

/** Keys of what is kept in the workspace's state. */
export const stateKeys = {
  recentRuns: 'stepwise.recentRuns',
  lastNote: 'stepwise.lastNote',
  runInProgress: 'stepwise.runInProgress',
  notesView: 'stepwise.notesView',
  notesOffered: 'stepwise.notesOffered',
} as const;
