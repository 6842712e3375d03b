/*
 * P3, no number twice, as docs/leases.md and src/Core/Master/LeadRequest.cs have it, for an exhaustive search by
 * spin: a store that goes back, the leaderships on it, the wall clock, a holder, and a network.
 *
 * Whenever nobody leads the store may become a copy that was made of it at any moment before (the latest is kept),
 * or a new one. A leadership begins its counters at no less than the wall clock says. THE BOUND: after
 * the store went back, the clock says a later second than at the beginning of each leadership before, and no
 * leadership has made more than STEP - 1 numbers for each second since. On a store that did not go back the clock
 * may say whatever it likes. A second of the model is what the product calls a millisecond: the least that is later.
 *
 * P3      each session epoch and each master epoch is higher than all that were given before.
 * OBEYED  (with HOLDER) no lease is extended by a lower master epoch than one that its holder has heard of, and what the present
 *         leader says is never taken for that of a former one: it extends or ends the lease.
 * PAST    (likewise) a leadership knows a holder for a stranger whose session is beyond what the store had counted when it began.
 *         A later leadership does not, since the store has then counted beyond (REACH=4).
 *
 * tests/model/check runs this file, also with one of these faults, each of which must be found:
 *   CLOCK_STANDS            not a fault but outside of the bound: the clock says the same second as before
 *   CLOCK_BEHIND            likewise: an earlier one
 *   FAULT_NO_FLOOR          the counters go on from what the store has
 *   FAULT_NO_MASTER_FLOOR   the same of the master epoch alone
 *   FAULT_NEW_AHEAD         a store without a past begins ahead of the clock
 *   FAULT_FLOOR_NOT_STORED  the floor is forgotten when the leadership ends before it has made anything
 *   FAULT_LOWER_EXTENDS     a lower master epoch extends a lease
 *   FAULT_ENDED_ONLY        only an epoch beyond all that is counted shows a stranger
 *
 * REACH=<n> asserts that something desirable never happens; spin must find that it does.
 */

#ifdef HOLDER
#define SECONDS 3
#define STEP 2       /* numbers of a second */
#else
#define SECONDS 4
#define STEP 3
#endif
#define FLOOR(second) ((second) * STEP)

#define MAX(a, b) ((a) > (b) -> (a) : (b))
#define REACHED(n) assert(REACH != n)
#ifndef REACH
#define REACH 0
#endif

/* ---- The store -------------------------------------------------------------------------------- */

typedef Content {
  byte master;
  byte revision;
  byte session       /* epoch; 0: none */
}
Content store;
Content copy;        /* at first: a new store */

byte second = 1;
byte last_begun;     /* the latest second in which a leadership began */
bool went_back;      /* since the last leadership */

/* The leader's memory. */
bool leads;
byte former;         /* the revision that the store had */
byte begun_at;       /* the revision that it began with */

/* What only the assertions read. */
byte highest_master;
byte highest_epoch;
byte over;           /* the highest epoch whose end was committed, or that was forgotten and given up */

#ifdef FAULT_NO_FLOOR
#define OF_CLOCK(clock) 0
#else
#ifdef FAULT_NEW_AHEAD
#define OF_CLOCK(clock) FLOOR((store.master == 0 && store.revision == 0) -> (clock) + 2 : (clock))
#else
#define OF_CLOCK(clock) FLOOR(clock)
#endif
#endif
#ifdef FAULT_NO_MASTER_FLOOR
#define OF_CLOCK_MASTER(clock) 0
#else
#define OF_CLOCK_MASTER(clock) OF_CLOCK(clock)
#endif

inline lead(clock) {
  former = store.revision;
  begun_at = MAX(store.revision, OF_CLOCK(clock));
  store.master = MAX(store.master + 1, OF_CLOCK_MASTER(clock));
#ifndef FAULT_FLOOR_NOT_STORED
  store.revision = begun_at;
#endif
  assert(store.master > highest_master); /* P3 */
  highest_master = store.master;
  leads = true;
  went_back = false;
  last_begun = MAX(last_begun, clock)
}

#ifdef CLOCK_STANDS
#define IN_BOUND (second >= last_begun)
#define CLOCK second
#else
#ifdef CLOCK_BEHIND
#define IN_BOUND (second > last_begun && second > 2)
#define CLOCK second - 2
#else
#define IN_BOUND (second > last_begun)
#define CLOCK second
#endif
#endif

/* Fewer than STEP numbers for each second since it began, and some at once. */
#define MAY_COUNT(number) ((number) < FLOOR(MAX(second, last_begun + 1)) && (number) < FLOOR(SECONDS + 1))

#define IS_STRANGER(epoch) (((epoch) > former && (epoch) <= begun_at && BETWEEN) || (epoch) > MAX(store.revision, begun_at))
#ifdef FAULT_ENDED_ONLY
#define BETWEEN false
#else
#define BETWEEN true
#endif

/* ---- The holder and the network --------------------------------------------------------------- */

byte held;           /* epoch; 0: none */
byte heard;          /* the highest master epoch that it has heard */

/* Answers, which the network delays, reorders and loses. */
mtype = { nothing, ok, unknown };
typedef Answer {
  mtype kind = nothing;
  byte master;
  byte epoch
}
Answer wire[2];

inline clear(i) {
  wire[i].kind = nothing;
  wire[i].master = 0;
  wire[i].epoch = 0
}

#ifdef FAULT_LOWER_EXTENDS
#define OBEYS(i) true
#else
#define OBEYS(i) (wire[i].master >= heard)
#endif

inline hear(i) {
  if
  :: wire[i].epoch == held && held != 0 && OBEYS(i) ->
    if
    :: wire[i].kind == ok ->
      assert(wire[i].master >= heard);                                 /* OBEYED */
      if
      :: wire[i].master > heard && heard != 0 -> REACHED(1)
      :: else
      fi;
      heard = MAX(heard, wire[i].master)
    :: wire[i].kind == unknown -> held = 0; heard = 0; REACHED(2)
    fi
  :: wire[i].epoch == held && held != 0 && !OBEYS(i) ->
    assert(!leads || wire[i].master != store.master)                   /* OBEYED */
  :: else
  fi;
  clear(i)
}

inline answer(i, what, whose) {
  wire[i].kind = what;
  wire[i].master = store.master;
  wire[i].epoch = whose
}

/* A renewal; the request may have been long on its way. */
inline renew(i) {
  if
  :: held == store.session -> answer(i, ok, held)
  :: else ->
    if
    :: IS_STRANGER(held) -> REACHED(3)
    :: else ->
      assert(held <= over || held <= former);                          /* PAST */
      if
      :: held > over -> REACHED(4)
      :: else
      fi
    fi;
    answer(i, unknown, held)
  fi
}

inline make_session() {
  number = MAX(store.revision, begun_at) + 1;
  assert(number > highest_epoch);                                      /* P3 */
  highest_epoch = number;
  over = MAX(over, store.session);
  store.revision = number;
  store.session = number;
  number = 0
}

inline make_copy() {
  copy.master = store.master;
  copy.revision = store.revision;
  copy.session = store.session
}

inline go_back(to_master, to_revision, to_session) {
  store.master = to_master;
  store.revision = to_revision;
  store.session = to_session;
  went_back = true
}

active proctype World() {
  byte number;
  do
  :: atomic { second < SECONDS -> second++ }
  :: atomic { !leads && IN_BOUND && store.master < FLOOR(SECONDS + 1) -> lead(CLOCK) }
  :: atomic { !leads && !went_back && MAY_COUNT(store.master + 1) -> lead(1) }
  :: atomic { leads -> leads = false; former = 0; begun_at = 0 }
  :: atomic { make_copy() }
  :: atomic { !leads -> go_back(copy.master, copy.revision, copy.session) }
  :: atomic { !leads -> go_back(0, 0, 0) }
  /* The identity is free: a create, and perhaps the holder hears of it. */
  :: atomic { leads && store.session == 0 && held == 0 && MAY_COUNT(MAX(store.revision, begun_at) + 1) ->
      make_session();
#ifdef HOLDER
      if
      :: held = store.session; heard = store.master
      :: skip
      fi
#endif
    }
  /* It expires. */
  :: atomic { leads && store.session != 0 -> over = MAX(over, store.session); store.session = 0 }
#ifdef HOLDER
  :: atomic { leads && held != 0 && wire[0].kind == nothing -> renew(0) }
  :: atomic { leads && held != 0 && wire[1].kind == nothing -> renew(1) }
  :: atomic { wire[0].kind != nothing -> hear(0) }
  :: atomic { wire[1].kind != nothing -> hear(1) }
  :: atomic { wire[0].kind != nothing -> clear(0) }
  :: atomic { wire[1].kind != nothing -> clear(1) }
  /* The holder crashes. */
  :: atomic { held != 0 -> held = 0; heard = 0 }
#endif
  od
}
