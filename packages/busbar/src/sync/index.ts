export type { UnitHandlers } from '../data/shared-unit.js';
export type { SyncServerHandle } from './handle.js';
export type { ServerModule } from './server-module.js';
export {
  type SerialServerSyncOptions,
  startSerialServerSync,
  startTcpServerSync,
  startTlsServerSync,
  startUdpServerSync,
  stopServerSync,
  type TcpServerSyncOptions,
  type TlsServerSyncOptions,
  type UdpServerSyncOptions,
} from './start.js';
export type { SyncOptions } from './sync-options.js';
export type { SyncServer, SyncWrite } from './sync-server.js';
