/**
 * The HTTP modules of Node. An import statement would read everything that they export, and so load Node's `fetch` too:
 * that takes twice the CPU time of all code of a function.
 */
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

export const { Agent: HttpAgent, request: httpRequest } = http;
export const { Agent: HttpsAgent, request: httpsRequest } = https;
