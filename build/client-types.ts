/** `npm run types`: generates the types of both clients from docs/openapi.json. */
import { writePythonTypes } from './python-types.ts';
import { writeTypeScriptTypes } from './typescript-types.ts';

writeTypeScriptTypes();
await writePythonTypes();
