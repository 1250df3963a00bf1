-- What one site keeps in Redis, and the only ways in which it changes. All keys of a site share one hash tag:
--   head       hash: the lease (owner, address, nonce, epoch, exp), the log's end (seq, last), the inbox's end (pos) and
--              bytes (inbox), since when the log has what it has (cut, in ms), and the random name (uid) that the site got
--              when it was made
--   log        stream, ids <seq>-0: every batch in the order of commits; p names the batch before it
--   inbox      stream, ids <position>-0: what was taken in and is not decided yet. A position is the microsecond in which
--              it was given, or the next free one: what a failover forgot is then not given to something else
--   snapshot   hash: which snapshot of the whole site there is, and as of which batch; the log before it is cut
--   leads      stream of one entry, for nodes that wait to hear of it: <2 epoch>-0 once somebody leads under that epoch,
--              <2 epoch + 1>-0 once that one has handed the lease on
--   writers    hash: incarnation -> number of its last batch
--   owed       hash: erase -> seq of the last batch that erased something, until neither log nor snapshot has it any more
--   snapshots  hash: snapshot -> most pieces, of all that may have pieces here
--   keys:0..3  sets of digests of keys that were used, each of one span of four days, in turns
-- The bytes of files are under tags of their own, {SITE/file/X}, with X the first digit of the files' names:
--   index      hash: name -> "ms turn plain stored pieces packed id": when it was put last, and how it lies there
--   sum        hash: how many files and stored bytes that is; turn rises with every put
--   NAME:ID:N  pieces
-- A function checks everything before it writes anything: what was written before an error would stay.

local span = 4 * 24 * 3600  -- three of them are looked at, so that a key is known for at least eight days

local function milliseconds()
  local now = redis.call('TIME')
  return now[1] * 1000 + math.floor(now[2] / 1000)
end

-- FENCED unless the lease is held under exactly this epoch and nonce: an epoch that a failover lost is given again.
local function refusal(head, epoch, nonce)
  local held = redis.call('HMGET', head, 'epoch', 'nonce')
  if held[1] == epoch and held[2] == nonce then return nil end
  return redis.error_reply('FENCED the lease is held under epoch ' .. (held[1] or '0'))
end

local function microseconds()
  local now = redis.call('TIME')
  return now[1] * 1000000 + now[2]
end

-- tostring() would round it.
local function whole(number) return string.format('%.0f', number) end

local function this_span() return math.floor(redis.call('TIME')[1] / span) end

-- Calls `each` with the first and last index of pieces of the list that unpack() can take.
local function in_pieces(list, each)
  for first = 1, #list, 1000 do each(first, math.min(first + 999, #list)) end
end

-- Which of the digests were used before: a list of true and false.
local function used_before(keys, digests)
  local found, this = {}, this_span()
  in_pieces(digests, function(first, last)
    for back = 0, 2 do
      local there = redis.call('SMISMEMBER', keys[(this - back) % 4 + 1], unpack(digests, first, last))
      for i = first, last do found[i] = found[i] or there[i - first + 1] == 1 end
    end
  end)
  return found
end

local function note_used(keys, digests)
  if #digests == 0 then return end
  local this = this_span()
  local set = keys[this % 4 + 1]
  in_pieces(digests, function(first, last) redis.call('SADD', set, unpack(digests, first, last)) end)
  redis.call('EXPIREAT', set, (this + 3) * span)
end

-- An id may come again after a failover: an entry is not behind another.
local function tell(leads, id)
  redis.call('DEL', leads)
  redis.call('XADD', leads, whole(id) .. '-0', 'e', '1')
end

-- KEYS head leads · ARGV owner address nonce ttl_ms uid [look]
-- {1, epoch, seq, last, uid} when it is ours now, else {0, epoch, seq, last, uid, owner, address, ms left}. Whoever held
-- it last, nobody since, goes on under the same epoch. Who only looks is told {2, ...} where it could be ours.
local function acquire(keys, args)
  local head, now = keys[1], milliseconds()
  local held = redis.call('HMGET', head, 'nonce', 'exp', 'epoch', 'seq', 'last', 'uid', 'owner', 'address')
  local left = (tonumber(held[2]) or 0) - now
  local epoch = tonumber(held[3] or 0)
  local free = not held[1] or held[1] == args[3] or left <= 0
  if not free or args[6] then
    return {free and 2 or 0, epoch, tonumber(held[4] or 0), held[5] or '', held[6] or '', held[7] or '', held[8] or '', left}
  end
  local is_another = held[1] ~= args[3]
  if is_another then epoch = redis.call('HINCRBY', head, 'epoch', 1) end
  redis.call('HSET', head, 'owner', args[1], 'address', args[2], 'nonce', args[3], 'exp', now + args[4])
  if is_another or held[2] == '0' then tell(keys[2], 2 * epoch) end
  redis.call('HSETNX', head, 'uid', args[5])
  return {1, epoch, tonumber(held[4] or 0), held[5] or '', redis.call('HGET', head, 'uid')}
end

-- KEYS head · ARGV epoch nonce ttl_ms
local function renew(keys, args)
  local refused = refusal(keys[1], args[1], args[2])
  if refused then return refused end
  redis.call('HSET', keys[1], 'exp', milliseconds() + args[3])
  return redis.status_reply('OK')
end

-- KEYS head leads · ARGV epoch nonce
local function release(keys, args)
  local refused = refusal(keys[1], args[1], args[2])
  if refused then return refused end
  redis.call('HSET', keys[1], 'exp', 0)
  tell(keys[2], 2 * tonumber(args[1]) + 1)
  return redis.status_reply('OK')
end

-- About the bytes of an entry of the inbox: those of its fields, and of what is around them.
local function weight(space, id, at, payload) return #space + #id + #at + #payload + 64 end

-- Kept by those who put something there and who take it out. Nodes of a version that did not may be about: an empty
-- inbox has none, whatever was counted.
local function inbox_bytes(head, inbox)
  if redis.call('XLEN', inbox) == 0 then return 0 end
  return tonumber(redis.call('HGET', head, 'inbox') or 0)
end

-- An entry leaves the inbox, if it is there and what it has fits.
local function take_out(head, inbox, id, fits)
  local entry = redis.call('XRANGE', inbox, id, id)[1]
  if not entry or (fits and not fits(entry[2])) then return end
  local of = entry[2]
  local left = math.max(inbox_bytes(head, inbox) - weight(of[2], of[4], of[6], of[8]), 0)
  redis.call('XDEL', inbox, id)
  redis.call('HSET', head, 'inbox', left)
end

-- KEYS head log inbox writers keys:0..3 owed · ARGV epoch nonce seq last incarnation number batch erases, how many
-- positions it consumed, those, digests of its keys. Gives the batch's seq; FENCED; DUP seq: this batch was applied before
-- and is there in the log, DUP 0: it is not; SEQ seq: the log does not end where the writer believes. `erases`, 1: whoever
-- leads owes a snapshot that takes the place of what the log has, also if the writer does not live to see it.
local function append(keys, args)
  local head = keys[1]
  local refused = refusal(head, args[1], args[2])
  if refused then return refused end
  local at = redis.call('HMGET', head, 'seq', 'last')
  local seq, last = tonumber(at[1] or 0), at[2] or ''
  local id = args[5] .. '.' .. args[6]
  local before = tonumber(redis.call('HGET', keys[4], args[5]) or 0)
  if before >= tonumber(args[6]) then
    -- Of those that one writer has on their way together, all may be there when the first is tried again.
    local place = seq - (before - tonumber(args[6]))
    local there = place > 0 and redis.call('XRANGE', keys[2], place .. '-0', place .. '-0')[1]
    return redis.error_reply('DUP ' .. (there and there[2][6] == id and place or 0))
  end
  if seq ~= tonumber(args[3]) or last ~= args[4] then return redis.error_reply('SEQ ' .. seq) end
  local consumed = tonumber(args[9])
  local positions, digests = {}, {}
  for i = 10, 9 + consumed do positions[#positions + 1] = args[i] .. '-0' end
  for i = 10 + consumed, #args do digests[#digests + 1] = args[i] end
  seq = seq + 1
  redis.call('XADD', keys[2], seq .. '-0', 'e', args[1], 'p', last, 'i', id, 'b', args[7])
  for _, each in ipairs(positions) do take_out(head, keys[3], each) end
  note_used({keys[5], keys[6], keys[7], keys[8]}, digests)
  redis.call('HSET', keys[4], args[5], args[6])
  if args[8] == '1' then redis.call('HSET', keys[9], 'erase', seq) end
  redis.call('HSET', head, 'seq', seq, 'last', id)
  if seq == 1 then redis.call('HSET', head, 'cut', milliseconds()) end
  return seq
end

-- KEYS head inbox keys:0..3 · ARGV uid, or nothing where the node knows none, then most, and digest space id at payload of
-- each item. Their positions; 0 for one whose key was used before; FULL from the first on with which the inbox would have
-- more than so many bytes (0: as many as there are). GONE: the site that they are for is not here.
local function ingest(keys, args)
  local uid = table.remove(args, 1)
  if uid ~= '' and redis.call('HGET', keys[1], 'uid') ~= uid then return redis.error_reply('GONE the site is not here') end
  local sets = {keys[3], keys[4], keys[5], keys[6]}
  local digests = {}
  for i = 2, #args, 5 do digests[#digests + 1] = args[i] end
  local used = used_before(sets, digests)
  local here, fresh, count = {}, {}, 0
  for i, digest in ipairs(digests) do
    if not used[i] and not here[digest] then
      here[digest] = i
      count = count + 1
      fresh[count] = i
    end
  end
  local positions, new = {}, {}
  local most, bytes = tonumber(args[1]), inbox_bytes(keys[1], keys[2])
  local full
  for n, i in ipairs(fresh) do
    local more = weight(unpack(args, i * 5 - 2, i * 5 + 1))
    if not full and most > 0 and bytes + more > most then
      full = i
      count = n - 1
    end
    if not full then bytes = bytes + more end
  end
  for i, digest in ipairs(digests) do
    local has_no_room = full and not used[i] and here[digest] >= full
    positions[i] = has_no_room and redis.error_reply('FULL the inbox has ' .. bytes .. ' bytes') or 0
  end
  if count == 0 then return positions end
  local position = math.max(tonumber(redis.call('HGET', keys[1], 'pos') or 0), microseconds())
  redis.call('HSET', keys[1], 'pos', whole(position + count), 'inbox', bytes)
  for n = 1, count do
    local i = fresh[n]
    position = position + 1
    positions[i] = position
    new[#new + 1] = digests[i]
    local at = (i - 1) * 5 + 1
    redis.call('XADD', keys[2], whole(position) .. '-0', 's', args[at + 2], 'i', args[at + 3], 'a', args[at + 4], 'p', args[at + 5])
  end
  note_used(sets, new)
  return positions
end

-- KEYS head inbox · ARGV position space id, for each item. Each leaves the inbox, if that is what lies there: a position that
-- a failover forgot may be another item's by now.
local function leave(keys, args)
  for i = 1, #args, 3 do
    take_out(keys[1], keys[2], args[i] .. '-0', function(entry) return entry[2] == args[i + 1] and entry[4] == args[i + 2] end)
  end
  return redis.status_reply('OK')
end

-- What was taken out of a stream can still be read in the piece of memory that held it, for as long as a neighbour is
-- left there. So those that are left move; true when they were few enough for that.
local function forget_deleted(stream)
  local most = 1000
  local left = redis.call('XRANGE', stream, '-', '+', 'COUNT', most + 1)
  if #left > most then return false end
  redis.call('DEL', stream)
  for _, entry in ipairs(left) do redis.call('XADD', stream, entry[1], unpack(entry[2])) end
  return true
end

-- SEQ where the batch is not one of this log.
local function begin_log_behind(keys, args)
  local seq = tonumber(redis.call('HGET', keys[1], 'seq') or 0)
  local upto = tonumber(args[4])
  local entry = redis.call('XRANGE', keys[3], args[4] .. '-0', args[4] .. '-0')[1]
  local same = entry and entry[2][6] == args[5]
  if not entry then  -- cut already, behind the snapshot that this one takes the place of
    local before = redis.call('HMGET', keys[2], 'seq', 'last')
    same = before[1] == args[4] and before[2] == args[5]
  end
  if upto > seq or not same then return redis.error_reply('SEQ ' .. seq) end
  redis.call('HSET', keys[2], 'id', args[3], 'seq', args[4], 'last', args[5], 'pieces', args[6], 'plain', args[7],
    'packed', args[8])
  redis.call('HSET', keys[1], 'cut', milliseconds())
  redis.call('XTRIM', keys[3], 'MINID', (upto + 1) .. '-0')
end

-- KEYS head snapshot log inbox · ARGV epoch nonce id seq last pieces plain packed erases. The pieces are there: from
-- here on this snapshot counts, and the log begins behind it. `erases`, 1: what went is not to be found in Redis any
-- more. OK; LATER: but for that, so that it is done again; FENCED; SEQ seq: it is not of this log.
local function snapshot(keys, args)
  local refused = refusal(keys[1], args[1], args[2])
  if refused then return refused end
  if redis.call('HGET', keys[2], 'id') ~= args[3] then
    refused = begin_log_behind(keys, args)
    if refused then return refused end
  end
  if args[9] ~= '1' then return redis.status_reply('OK') end
  local log_is_clean, inbox_is_clean = forget_deleted(keys[3]), forget_deleted(keys[4])
  return redis.status_reply((log_is_clean and inbox_is_clean) and 'OK' or 'LATER')
end

-- KEYS head snapshot owed snapshots · ARGV epoch nonce id. What was erased up to the snapshot of this name is owed no more,
-- for it has left Redis. 1: nothing is owed; 0: something is, by a batch behind it, or as this is not the newest and only
-- snapshot that has pieces here; FENCED.
local function settle(keys, args)
  local refused = refusal(keys[1], args[1], args[2])
  if refused then return refused end
  local newest = redis.call('HMGET', keys[2], 'id', 'seq')
  if newest[1] ~= args[3] then return 0 end
  local begun = redis.call('HGETALL', keys[4])
  for i = 1, #begun, 2 do
    if begun[i] ~= args[3] then return 0 end
  end
  local owed = redis.call('HGET', keys[3], 'erase')
  if owed and tonumber(owed) > tonumber(newest[2]) then return 0 end
  redis.call('HDEL', keys[3], 'erase')
  return 1
end

local function note_put(index, sum, name, how)
  redis.call('HSET', index, name, milliseconds() .. ' ' .. redis.call('HINCRBY', sum, 'turn', 1) .. ' ' .. how)
end

-- How a file lies there: what is said of it behind the time of its last put.
local function how_of(said) return said:match('^%S+ %S+ (.*)$') end

-- KEYS index sum · ARGV name. 1: it is there, and as good as put anew; 0: it is not.
local function touch_file(keys, args)
  local said = redis.call('HGET', keys[1], args[1])
  if not said then return 0 end
  note_put(keys[1], keys[2], args[1], how_of(said))
  return 1
end

-- KEYS index sum pieces... · ARGV name plain stored packed id. The pieces are there: from here on the file counts. 1;
-- 0: it was there, and these pieces go; -1: one of them is not there any more.
local function put_file(keys, args)
  local said = redis.call('HGET', keys[1], args[1])
  if said then
    if said:match('(%S+)$') ~= args[5] then
      for i = 3, #keys do redis.call('DEL', keys[i]) end
    end
    note_put(keys[1], keys[2], args[1], how_of(said))
    return 0
  end
  for i = 3, #keys do
    if redis.call('EXPIRE', keys[i], 3600) == 0 then return -1 end
  end
  for i = 3, #keys do redis.call('PERSIST', keys[i]) end
  note_put(keys[1], keys[2], args[1], table.concat({args[2], args[3], #keys - 2, args[4], args[5]}, ' '))
  redis.call('HINCRBY', keys[2], 'files', 1)
  redis.call('HINCRBY', keys[2], 'bytes', args[3])
  return 1
end

-- KEYS index sum pieces... · ARGV name said. 1: it is gone, as it was said of it; 0: it was; -1: it was put again.
local function drop_file(keys, args)
  local said = redis.call('HGET', keys[1], args[1])
  if not said then return 0 end
  if said ~= args[2] then return -1 end
  for i = 3, #keys do redis.call('DEL', keys[i]) end
  redis.call('HDEL', keys[1], args[1])
  redis.call('HINCRBY', keys[2], 'files', -1)
  redis.call('HINCRBY', keys[2], 'bytes', 0 - tonumber(said:match('^%S+ %S+ %S+ (%S+)')))
  return 1
end

redis.register_function('LIBRARY_touch_file', touch_file)
redis.register_function('LIBRARY_put_file', put_file)
redis.register_function('LIBRARY_drop_file', drop_file)
redis.register_function('LIBRARY_snapshot', snapshot)
redis.register_function('LIBRARY_settle', settle)
redis.register_function('LIBRARY_acquire', acquire)
redis.register_function('LIBRARY_renew', renew)
redis.register_function('LIBRARY_release', release)
redis.register_function('LIBRARY_append', append)
redis.register_function('LIBRARY_ingest', ingest)
redis.register_function('LIBRARY_leave', leave)
