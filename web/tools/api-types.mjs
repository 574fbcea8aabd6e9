// The types of the API from its description: docs/openapi.json is what the program prints (a test of the program keeps it so), and
// src/api/schema.d.ts what the pages may believe. Written by every build and never kept, so it cannot be an old one.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTypes, { astToString } from 'openapi-typescript';

const target = new URL('../src/api/schema.d.ts', import.meta.url);
const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
const types = astToString(await openapiTypes(document));
const text = `// Made from docs/openapi.json by tools/api-types.mjs.\n\n${types}`;
// An older time than the build's stays when nothing changed: scripts/build asks for what is newer.
if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
