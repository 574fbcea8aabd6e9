// Routes of the pages beside the monitors' own.
import { channelRoutes } from './channels.mjs';
import { notifyRoutes } from './notify.mjs';
import { serverRoutes } from './server.mjs';

export const otherRoutes = [...notifyRoutes, ...channelRoutes, ...serverRoutes];
