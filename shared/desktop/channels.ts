// The names that preload, desktop and page share; apart from the messages' schemas, so that preload stays a page long.

/** On it the window asks for its ports. */
export const connectChannel = 'grokscope:connect';
/** With it they come: the contract's first, the desktop's second. */
export const portsMessage = 'grokscope:ports';
/** What preload puts on the page's `window`. */
export const bridgeName = 'grokscope';
