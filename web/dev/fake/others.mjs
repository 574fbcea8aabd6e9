// Routes of the pages beside the monitors' own.
import { notifyRoutes } from './notify.mjs';
import { serverRoutes } from './server.mjs';

export const otherRoutes = [...notifyRoutes, ...serverRoutes];
