import { BlockList, isIP, SocketAddress } from 'node:net';
import { checkList, checkString, type Path, show } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Peer } from '../peer.js';

/**
 * IP addresses and networks (`10.0.0.7`, `192.168.1.0/24`, `fd00::/8`), compared as such and not as texts. An IPv4
 * client on a socket for both protocols has its IPv4 address.
 */
export class AddressList {
  /** By zone, such as the `eth0` of `fe80::1%eth0`; those without one are for all zones. */
  readonly #byZone = new Map<string, BlockList>();
  /** To look up each connection only once. */
  readonly #known = new WeakMap<Peer, boolean>();

  /** @param path for messages. @throws OptionsError with the paths of all wrong entries. */
  constructor(option: unknown, path: Path = []) {
    for (const network of checkList(option, path, (entry, at) => parse(checkString(entry, at), at))) this.#add(network);
  }

  /** Whether the peer's address is one of these, or in one of the networks. */
  has(peer: Peer): boolean {
    let known = this.#known.get(peer);
    if (known === undefined) {
      known = this.#lists(peer.address ?? '');
      this.#known.set(peer, known);
    }
    return known;
  }

  #add({ address, prefix, zone }: Network): void {
    const list = this.#byZone.get(zone) ?? new BlockList();
    list.addSubnet(address, prefix, familyOf(address));
    this.#byZone.set(zone, list);
  }

  /** A program that brings its own streams may name their peers as it likes. */
  #lists(peer: string): boolean {
    if (isIP(peer) === 0) return false;
    const [address, zone] = peer.split('%');
    const lists = [this.#byZone.get(''), zone === undefined ? undefined : this.#byZone.get(zone)];
    return lists.some((list) => list?.check(address, familyOf(address)));
  }
}

interface Network {
  readonly address: string;
  readonly prefix: number;
  /** Empty: any. */
  readonly zone: string;
}

const MAPPED = '::ffff:';
const MAPPED_PREFIX = 96;

function parse(entry: string, path: Path): Network {
  const {
    address = '',
    zone = '',
    digits,
  } = /^(?<address>[^%/]*)(?:%(?<zone>[^/]+))?(?:\/(?<digits>.*))?$/.exec(entry)?.groups ?? {};
  if (isIP(address) === 0 || (zone !== '' && isIP(address) === 4)) {
    throw new OptionsError(path, `expected an IP address or a network such as 192.168.1.0/24, found ${show(entry)}`);
  }
  const bits = isIP(address) === 4 ? 32 : 128;
  const prefix = digits === undefined ? bits : Number(digits);
  if (digits !== undefined && !(/^\d{1,3}$/.test(digits) && prefix <= bits)) {
    throw new OptionsError(path, `expected a prefix from 0 to ${bits} behind the slash, found ${show(entry)}`);
  }
  return unmapped({ address, prefix, zone });
}

/** IPv4 clients are known by their IPv4 address, on sockets for both protocols too. */
function unmapped(network: Network): Network {
  const { address, prefix } = network;
  const canonical = new SocketAddress({ address, family: familyOf(address) }).address;
  const short = canonical.slice(MAPPED.length);
  const isMapped = canonical.startsWith(MAPPED) && isIP(short) === 4 && prefix >= MAPPED_PREFIX;
  return isMapped ? { ...network, address: short, prefix: prefix - MAPPED_PREFIX } : network;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
