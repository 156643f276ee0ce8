/**
 * Every number that weighs delay against requests. A poll cost is a delay: a poll is sent once the delay that has
 * probably built up is worth it. All were tuned with `./run bench wait fleet`; change one and run that again.
 */
export const pollFrequency = {
  /** Waits up to this many are interactive: a person may be looking at each. */
  interactiveWaits: 10,
  /** From this many waits on they are bulk: the account's requests are what is short. Between the two it is linear. */
  bulkWaits: 40,

  poll: {
    /** Medians of a job's duration that one poll may cost in delay. The theory of inspection gives the rest. */
    interactive: 0.002,
    bulk: 0.004,
    /** A job that outlives what was learned shows that its median is no measure: from then on this part of its age is. */
    outlivedPart: 1 / 3,
  },

  delay: {
    /** No two polls of one job are closer, in milliseconds: people don't notice less. */
    minMs: 500,
    /** The first poll of a model that nothing is known of comes no later: it may take a second. */
    maxFirstMs: 2_000,
    /** The longest delay: a part of the time waited, within these bounds. A person doesn't notice a hundredth. */
    interactiveMax: { part: 0.01, minMs: 3_200, maxMs: 30_000 },
    bulkMax: { part: 0.2, minMs: 10_000, maxMs: 40_000 },
    /** A first delay is worth nothing before this last part of it, in which the end becomes likely. */
    likelyPart: 0.3,
    /** The gap of a first poll is never taken as shorter. */
    minLikelyMs: 500,
    /** A job that waits for an approval is polled after this part of the time waited: people take minutes. */
    approvalPart: 0.1,
    maxApprovalMs: 60_000,
    /** A job of unknown age that was never polled: it may have ended long ago, so it is polled now. */
    unknownAge: { gapMs: 1_000, pollCostMs: 1 },
  },

  progress: {
    /** Below it, progress says nothing yet. */
    min: 0.02,
    /** It may lengthen a delay only up to this part of the job's age, because it can stop or go backwards. */
    maxPart: 0.15,
    maxMs: 60_000,
    /** This part of what it promises is believed. */
    believed: 0.5,
    /** Each poll that finds it unchanged makes it believed less: the delay grows by this factor. */
    unchangedGrowth: 1.3,
  },

  page: {
    /** From this many jobs on, reading their page is worth more than polling one of them. */
    minJobs: 2,
    /** A page costs the jobs' own poll cost times a third of the waits, at most this many thirds. */
    waitsPerCost: 3,
    maxWaits: 20,
    /** In a fleet a page costs at least 99 ms for each wait and for this many more: 100 s for a thousand waits. */
    fleet: { minWaits: 5, msPerWait: 99, extraPerWait: 1.5, maxExtraWaits: 24 },
    /** Slow jobs end less often, which leaves room for requests: above this poll cost (40 s jobs) a page is cheaper. */
    quickPollCostMs: 150,
  },

  single: {
    /** Up to this many waits, a job is also weighed apart from its page: it may end long before the others. */
    maxWaits: 10,
    /** What that costs, in the job's own poll cost, if the others are due as well: their page is then better. */
    apartFactor: 10,
    /** The others are due if the page is worth this many times as much as the job. */
    othersFactor: 1.1,
  },

  decision: {
    /** Every this many polls the job that is latest goes first, so that none starves. */
    pollsPerTurn: 5,
    /** When the next poll is worth its cost is found to within this. */
    stepMs: 10,
    /** Without anything due for longer, the watcher decides again. */
    maxIdleMs: 600_000,
    /**
     * With more waits than this for each request of a minute, the pages are more than the budget allows at once. Read in
     * a burst, the first would be read again only a minute later, so they are read at an even pace.
     */
    maxBurst: 20,
  },

  lastPoll: {
    /** The last poll comes this long before the deadline, so that a job that ended in time isn't reported late. */
    leadMs: 500,
    /** It gets at least this long for its response. */
    minMs: 1_000,
    /** After the machine has slept, every wait gets this long for one more poll: the network may come back slowly. */
    afterSleepMs: 30_000,
    /** Above everything else that a poll can be worth. */
    expectedDelayMs: 1e9,
  },

  failure: {
    /** The delay of the next poll of a job whose poll failed. */
    poll: { firstMs: 1_000, maxMs: 30_000 },
    /** More failures in a row than this are an outage, not the error of single jobs: then all polls pause. */
    outage: 3,
    pause: { firstMs: 1_000, maxMs: 30_000 },
    /** How long a list that can't be read isn't requested. */
    list: { firstMs: 2_000, maxMs: 300_000 },
    /** A job ends its wait if it stays unknown for this many polls; right after its submit it may not be listed yet. */
    maxNotFound: 5,
    /** The same for a bare id that was never found: it is probably wrong. */
    maxNeverFound: 2,
    /** A response that stays unreadable ends the wait. */
    maxUnreadable: 6,
  },

  emptyResult: {
    /** A success that names no file is read again this many times: its files may be named a moment later. */
    rereads: 2,
    delay: { firstMs: 1_000, maxMs: 10_000 },
  },

  list: {
    minPageSize: 20,
    /** Room for new jobs above the oldest job that is waited for. */
    reachFactor: 1.25,
    /** A job that was missing from this many pages that should show it is polled by itself. */
    maxMissing: 2,
    /** From this many of our jobs on one page on, their author is certain enough to narrow the list to it. */
    minOurJobs: 10,
  },
} as const
