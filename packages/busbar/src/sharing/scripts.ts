import { createHash } from 'node:crypto';

/** A script that Redis runs as one step. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

function script(source: string): Script {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}

/** The form of keys and entries. Servers of another form refuse the image. */
export const FORMAT = '1';

/**
 * Keys: meta, stream, lease. Arguments: 1 prefix of the keys of parts, 2 epoch, 3 and 4 version and tag that the server
 * has, 5 entries to keep, 6 bytes of changes to keep, 7 server, 8 term of the lease in ms (-1: give it up), 9 the writes.
 *
 * It returns what became of it, the time, the holder of the lease, why Redis takes no writes, the result of each write
 * as a letter, and the entries that the server does not have, but for those that it has just made.
 *
 * A write whose id stands in an entry already is not made again. Once a write of an owner has to be tried again, so must
 * those that come after it. The first command that writes is one that needs memory, so that a full Redis refuses the
 * whole script. A stream that does not end with the last change, because somebody has deleted it, begins anew with a server
 * that has all values: it would have them read again for ever.
 * Where a part is missing, the image is given up, and made again of what a server has.
 */
export const EXCHANGE: Script = script(`
local meta, stream, lease = KEYS[1], KEYS[2], KEYS[3]
local prefix, known = ARGV[1], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', meta, 'epoch', 'version', 'tag')
local function lost(reason) return {reason, string.format('%d', now), state[2] or '0'} end
if not state[1] then return lost('vanished') end
if state[1] ~= ARGV[2] then return lost('remade') end
local version, tag = tonumber(state[2]), state[3]
if version < known then return lost('rewound') end
local entries = redis.call('XRANGE', stream, ARGV[3] .. '-0', '+')
local last = entries[#entries]
if version == known and tag == ARGV[4] and not (last and last[1] == ARGV[3] .. '-0' and last[2][2] == tag) then
  redis.call('DEL', stream)
  redis.call('XADD', stream, ARGV[3] .. '-0', 't', tag, 'p', '', 'c', '')
  entries = redis.call('XRANGE', stream, '-', '+')
end
local first = entries[1]
if not first or first[1] ~= ARGV[3] .. '-0' then return lost('trimmed') end
if first[2][2] ~= ARGV[4] then return lost('rewound') end
table.remove(entries, 1)

local made = {}
for _, entry in ipairs(entries) do made[entry[2][2]] = true end

local function each(runs, visit)
  local at = 1
  while at <= #runs do
    local part, offset, bytes
    part, offset, bytes, at = struct.unpack('>Bc0I4I4c0', runs, at)
    if visit(prefix .. part, offset, bytes, part) == false then return false end
  end
  return true
end
local function isThere(key, offset, bytes)
  return redis.call('GETRANGE', key, offset, offset + #bytes - 1) == bytes
end
local function isWhole(key, offset, bytes, part)
  return string.sub(part, 1, 5) == 'fifo:' or redis.call('STRLEN', key) >= offset + #bytes
end
local function put(key, offset, bytes, part)
  if string.sub(part, 1, 5) == 'fifo:' then redis.call('SET', key, bytes)
  else redis.call('SETRANGE', key, offset, bytes) end
end

local results, again, written = {}, {}, false
local writes, at = ARGV[9], 1
while at <= #writes do
  local id, owner, due, token, expected, changes
  id, owner, due, token, expected, changes, at = struct.unpack('>Bc0HdBc0I4c0I4c0', writes, at)
  local result = 'm'
  if made[id] then result = 'f'
  elseif again[owner] then result = 'a'
  elseif due > 0 and now > due then result = 'l'
  elseif token ~= '' and redis.call('GET', lease) ~= token then result = 'x'
  elseif not each(expected, isThere) then result = 'a'; again[owner] = true
  elseif not each(changes, isWhole) then
    redis.call('HDEL', meta, 'epoch')
    return lost('vanished')
  else
    each(changes, put)
    version = version + 1
    local name = string.format('%d-0', version)
    local keep = math.max(64, math.min(tonumber(ARGV[5]), math.floor(tonumber(ARGV[6]) / math.max(1, #changes))))
    redis.call('XADD', stream, 'MAXLEN', '~', string.format('%d', keep), name, 't', id, 'p', tag, 'c', changes)
    tag, written = id, true
  end
  results[#results + 1] = result
end
if written then redis.call('HSET', meta, 'version', string.format('%d', version), 'tag', tag) end

local holder = redis.call('GET', lease)
local term = tonumber(ARGV[8])
local mine = holder and string.sub(holder, 1, #ARGV[7] + 1) == ARGV[7] .. ':'
local refusal = redis.pcall('HDEL', meta, 'nothing')
if term == -1 then
  if mine then redis.pcall('DEL', lease); holder = false end
elseif term > 0 and mine then redis.pcall('PEXPIRE', lease, term)
elseif term > 0 and not holder then
  local token = redis.pcall('HINCRBY', meta, 'leases', 1)
  if type(token) == 'number' then
    local set = redis.pcall('SET', lease, ARGV[7] .. ':' .. string.format('%d', token), 'PX', term)
    if set.ok then holder = ARGV[7] .. ':' .. string.format('%d', token) end
  end
end
local why = type(refusal) == 'table' and refusal.err or ''
return {'ok', string.format('%d', now), holder or '', why, table.concat(results), entries}
`);

/** Keys: meta. Arguments: prefix, names of the parts. Returns format, epoch, version, tag, layout, and each part. */
export const SNAPSHOT: Script = script(`
local reply = redis.call('HMGET', KEYS[1], 'format', 'epoch', 'version', 'tag', 'layout')
if not reply[2] then return {} end
for i = 2, #ARGV do reply[#reply + 1] = redis.call('GET', ARGV[1] .. ARGV[i]) or '' end
return reply
`);

/**
 * Keys: meta, stream. Arguments: prefix, format, epoch, version, tag, layout, then each part's name and bytes. Returns 1
 * if it has made the image, 0 if there is one.
 */
export const CREATE: Script = script(`
if redis.call('HEXISTS', KEYS[1], 'epoch') == 1 then return 0 end
for i = 7, #ARGV, 2 do redis.call('SET', ARGV[1] .. ARGV[i], ARGV[i + 1]) end
redis.call('DEL', KEYS[2])
redis.call('XADD', KEYS[2], ARGV[4] .. '-0', 't', ARGV[5], 'p', '', 'c', '')
redis.call('HSET', KEYS[1], 'format', ARGV[2], 'epoch', ARGV[3], 'version', ARGV[4], 'tag', ARGV[5], 'layout', ARGV[6])
return 1
`);
