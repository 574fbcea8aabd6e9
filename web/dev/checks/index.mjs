// Checks of the pages, by page; a page's own file is added here.
import { accountChecks } from './accounts.mjs';
import { channelChecks } from './channels.mjs';
import { overviewChecks } from './overview.mjs';
import { pageChecks } from './pages.mjs';
import { scaleChecks } from './scale.mjs';
import { shellChecks } from './shell.mjs';

export const checks = { ...accountChecks, ...overviewChecks, ...channelChecks, ...pageChecks, ...shellChecks, ...scaleChecks };
