import type { Fault } from 'busbar-simulator';
import type { Fault as FaultJson } from './contract.js';

export function faultToJson({ options, active, injected, left }: Fault): FaultJson {
  return { ...options, active, hits: injected, ...(left !== undefined && { left: Math.ceil(left) }) };
}
