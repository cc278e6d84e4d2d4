/** Names of the splitters of a template's steps, which the service itself starts. */
export const FIRST_STEP_SPLITTER = 'first-step';
export const STEP_OUTCOMES_SPLITTER = 'outcomes';
