import type { RequestHandler, RequestHandlerOption } from 'busbar';

/**
 * The hooks of the faults around those of a module: faults hit what the module has made. While a fault is on that may be
 * for the listener, they put the replies on the wire, and a hook `frame` of the module rests.
 */
export function withFaults(faults: RequestHandler, option: RequestHandlerOption | undefined): RequestHandlerOption {
  if (option === undefined) return faults;
  if (typeof option !== 'function') return around(faults, option);
  return async (peer) => around(faults, await option(peer));
}

function around(faults: RequestHandler, module: RequestHandler): RequestHandler {
  return {
    data: module.data?.bind(module),
    datagram: module.datagram?.bind(module),
    disconnected: module.disconnected?.bind(module),
    error: module.error?.bind(module),
    send: module.send?.bind(module),
    async connected(peer) {
      await faults.connected?.(peer);
      await module.connected?.(peer);
    },
    idle: () => areIdle(faults) && areIdle(module),
    async execute(request, next) {
      const inner = async () => (module.execute === undefined ? next() : module.execute(request, next));
      return faults.execute === undefined ? inner() : faults.execute(request, inner);
    },
    async frame(reply, request, wire) {
      const hooks = areIdle(faults) ? module : faults;
      if (hooks.frame === undefined) wire.send(reply.encode());
      else await hooks.frame(reply, request, wire);
    },
  };
}

/** Whether hooks have no use for the next request. */
function areIdle(hooks: RequestHandler): boolean {
  return (hooks.execute ?? hooks.send ?? hooks.frame) === undefined || hooks.idle?.() === true;
}
