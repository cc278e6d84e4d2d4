/** The oldest browsers with every feature that the pages use, such as `light-dark()` in styles. */
export const BROWSERS = ['chrome123', 'firefox120', 'safari17.5'];
