/** The sliding window in Redis: the same as in memory, each step one script, so that processes cannot get between. */
import * as Redis from "effect/persistence/Redis"
import { slotMillis, slotsKept, windowMillis } from "./slidingWindow.ts"

/**
 * One hash a limit: `r:SLOT` and `t:SLOT` for what was sent in a slot, `last` for the latest time, `pause` for the time
 * until which nothing has room. A time below 0 stands for the server's own, so that hosts whose clocks differ agree.
 */
const prelude = `
local key = KEYS[1]
local now = tonumber(ARGV[1])
if now < 0 then
  local time = redis.call("TIME")
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local last, pause, sentRequests, sentTokens = 0, 0, 0, 0
local requests, tokens = {}, {}
local all = redis.call("HGETALL", key)
for i = 1, #all, 2 do
  local field, value = all[i], tonumber(all[i + 1])
  if field == "last" then last = value
  elseif field == "pause" then pause = value
  else
    local slot = tonumber(string.sub(field, 3))
    if string.sub(field, 1, 1) == "r" then
      requests[slot] = value
      sentRequests = sentRequests + value
    else
      tokens[slot] = value
      sentTokens = sentTokens + value
    end
  end
end
if now < last - ${windowMillis} then
  redis.call("DEL", key)
  requests, tokens = {}, {}
  local slot = math.floor(now / ${slotMillis})
  requests[slot], tokens[slot] = sentRequests, sentTokens
  redis.call("HSET", key, "r:" .. slot, sentRequests, "t:" .. slot, sentTokens)
  pause = math.max(0, pause - last + now)
  redis.call("HSET", key, "pause", pause)
  last = now
end
now = math.max(now, last)
local newest = math.floor(now / ${slotMillis})
for slot, count in pairs(requests) do
  if slot <= newest - ${slotsKept} then
    sentRequests = sentRequests - count
    requests[slot] = nil
    redis.call("HDEL", key, "r:" .. slot)
  end
end
for slot, count in pairs(tokens) do
  if slot <= newest - ${slotsKept} then
    sentTokens = sentTokens - count
    tokens[slot] = nil
    redis.call("HDEL", key, "t:" .. slot)
  end
end
local function keep()
  redis.call("HSET", key, "last", now)
  redis.call("PEXPIRE", key, ${windowMillis + 2 * slotMillis} + math.max(0, pause - now))
end
`

/** Gives the slot that room was taken in, or the milliseconds to wait, below 0. */
export const take = Redis.script(
  (key: string, now: number, requests: number, tokensLimit: number, tokens: number) => [
    key,
    now,
    requests,
    tokensLimit,
    tokens
  ],
  {
    numberOfKeys: 1,
    lua: `${prelude}
local limitRequests, limitTokens, asked = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local requestsOver, tokensOver, wait = 0, 0, 0
if limitRequests >= 0 then requestsOver = sentRequests + 1 - limitRequests end
if limitTokens >= 0 then tokensOver = math.min(sentTokens, sentTokens + asked - limitTokens) end
if requestsOver > 0 or tokensOver > 0 then
  wait = ${slotMillis}
  for slot = newest - ${slotsKept - 1}, newest do
    requestsOver = requestsOver - (requests[slot] or 0)
    tokensOver = tokensOver - (tokens[slot] or 0)
    if requestsOver <= 0 and tokensOver <= 0 then
      wait = (slot + ${slotsKept}) * ${slotMillis} - now
      break
    end
  end
end
wait = math.max(wait, pause - now)
if wait <= 0 then
  redis.call("HINCRBY", key, "r:" .. newest, 1)
  redis.call("HINCRBY", key, "t:" .. newest, asked)
end
keep()
if wait > 0 then return -wait end
return newest
`
  }
).withReturnType<unknown>()

/** Adds to a slot, or takes from it. */
export const correct = Redis.script(
  (key: string, now: number, slot: number, requests: number, tokens: number) => [key, now, slot, requests, tokens],
  {
    numberOfKeys: 1,
    lua: `${prelude}
local slot, addRequests, addTokens = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if slot <= newest and slot > newest - ${slotsKept} then
  redis.call("HINCRBY", key, "r:" .. slot, math.max(-(requests[slot] or 0), addRequests))
  redis.call("HINCRBY", key, "t:" .. slot, math.max(-(tokens[slot] or 0), addTokens))
  keep()
end
return 0
`
  }
).withReturnType<unknown>()

/** Nothing has room for so many milliseconds. */
export const pause = Redis.script(
  (key: string, now: number, millis: number) => [key, now, millis],
  {
    numberOfKeys: 1,
    lua: `${prelude}
pause = math.max(pause, now + tonumber(ARGV[2]))
redis.call("HSET", key, "pause", pause)
keep()
return 0
`
  }
).withReturnType<unknown>()
