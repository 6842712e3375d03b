/*
 * Lease safety, as docs/leases.md states it, for an exhaustive search by spin: one identity, its
 * holder, the master with its store, a receiver of effects, two clocks and a network.
 *
 * Time is discrete. In each step of real time either clock advances by 1 or by 2, anew each time:
 * the ratio of the rates is at most 2, that is (1 + rho) / (1 - rho) for rho = 1/3. No clock value
 * is kept, only what is left until a deadline and the age of a message on the holder's clock; so the
 * model is finite without a bound on time or on the number of fail-overs.
 *
 * The network delays, loses, repeats and reorders. The master may crash at any moment and loses all
 * but its store; the holder may crash and come back, and may close. The master picks a term for each
 * answer: the session's own, which the store has with the session, or a longer one, as a load brings it,
 * which is in the store before it is promised and is forgotten when its last promise has run out.
 *
 * P1    no effect lands, and the lease word never says yes, after the session's end at the master.
 * P2    a receiver that has seen e' > e accepts nothing from e. Checked where P1 cannot hold: with
 *       CLOCK_STOPS the holder's clock may stand still and an effect may be on its way for ever.
 * ORDER LOST(e) before CREATED(e'), and no epoch twice.
 *
 * With STORE_GOES_BACK the store may become any earlier one, or empty, whenever nobody leads. That the
 * epochs go on above those that it has forgotten is shown in epochs.pml. P1 is checked with a store that
 * knows that it went back, as after an import; P2 (with CLOCK_STOPS) with one that does not.
 *
 * tests/model/check runs this file, also with one of these faults, each of which must be found:
 *   FAULT_RECEIVE_TIME      the holder counts its deadline from the answer's arrival
 *   FAULT_RATE_IGNORED      the holder takes the whole term for usable
 *   FAULT_DELAY_IGNORED     the holder does not subtract delta
 *   FAULT_NO_WAIT           a new leader expires whom it does not hear at once
 *   FAULT_OWN_TERM_ONLY     a new leader waits for the session's own term, not for a lengthened one
 *   FAULT_PROMISED_FIRST    a lengthened term is promised before the store has it
 *   FAULT_FORGOTTEN_EARLY   a lengthened term is forgotten as soon as it is no more promised
 *   FAULT_FORGOTTEN_ANEW    a new leader does not wait before it forgets a lengthened term
 *   FAULT_NO_PAST           an identity that a store that went back lacks is given at once (with STORE_GOES_BACK)
 *   FAULT_PAST_OWN_TERM     of the sessions that such a store has, the term is believed that it knows (likewise)
 *   FAULT_PAST_OVER_EARLY   such a store is taken for one that knows all before a term has passed (likewise)
 *   FAULT_RENEW_CONDEMNED   the master renews while it commits the expiry
 *   FAULT_EPOCH_NOT_STORED  a new leader derives the next epoch from the sessions that it finds
 *   FAULT_NO_LOST           the holder creates again while the old session is not LOST
 *   FAULT_NO_FENCE          the receiver does not compare epochs (with CLOCK_STOPS)
 *
 * REACH=<n> asserts that something desirable never happens; spin must find that it does.
 */

#define SLOW 1
#define FAST 2

/*
 * delta: the longest time from check to effect, on the holder's clock. The session's own term and the
 * lengthened one. Where the clock may stop no length matters, so they are the shortest.
 */
#ifdef CLOCK_STOPS
#define DELTA 0
#define TERM 2
#define LONGEST 2
#else
#define DELTA 1
#define TERM 4
#ifdef STORE_GOES_BACK
#define LONGEST 6
#else
#define LONGEST 8
#endif
#endif

#ifdef FAULT_RATE_IGNORED
#define OF_TERM(term) (term)
#else
#define OF_TERM(term) ((term) * SLOW / FAST)
#endif

#ifdef FAULT_DELAY_IGNORED
#define USABLE(term) OF_TERM(term)
#else
#define USABLE(term) (OF_TERM(term) - DELTA)
#endif

/* A request that is older earns nothing. */
#define OLDEST USABLE(LONGEST)

#ifdef CLOCK_STOPS
#ifdef STORE_GOES_BACK
#define SESSIONS 2
#else
#define SESSIONS 3
#endif
#define EFFECTS 2
#define P1(condition) true
#else
#define SESSIONS 2
#define EFFECTS 1
#define P1(condition) (condition)
#endif

#define MAX(a, b) ((a) > (b) -> (a) : (b))
#define MIN(a, b) ((a) < (b) -> (a) : (b))
#define MINUS(a, b) ((a) > (b) -> (a) - (b) : 0)
#define REACHED(n) assert(REACH != n)
#ifndef REACH
#define REACH 0
#endif

mtype = { nothing, create, renew, close, granted, renewed, refused };

/*
 * A request, and then its answer. Of a request, clock is the holder's clock since s; of an answer,
 * how long the lease word may still say yes by it. No answer carries the leader's number: a holder
 * that obeys former leaders, too, does all that the real one does, and more.
 */
typedef Message {
  mtype kind = nothing;
  byte nonce;
  byte epoch;
  byte clock
}
Message wire[2];

#define FREE(i) (wire[i].kind == nothing)

inline clear(i) {
  wire[i].kind = nothing;
  wire[i].nonce = 0;
  wire[i].epoch = 0;
  wire[i].clock = 0
}

/* What only the assertions read. */
byte ended;          /* the highest epoch whose end is committed */
byte highest_made;

/* ---- The holder ------------------------------------------------------------------------------- */

mtype = { idle, creating, held };
mtype holder = idle;
byte nonce;        /* of the create on its way, or of the session held */
byte held_epoch;
byte valid_for;    /* D_f - now; the lease word says yes while it is above 0 */

/* Effects between check and landing. */
byte effect[EFFECTS];
byte effect_age[EFFECTS];

byte created_epoch;  /* the last CREATED of this process; 0: its LOST was told, too */

#ifdef CLOCK_STOPS
#define DRAINED true
#else
#define DRAINED (effect[0] == 0)
#endif

inline request(i, what) {
  wire[i].kind = what;
  wire[i].nonce = nonce;
  wire[i].epoch = held_epoch
}

inline lose_session() {
  holder = idle;
  held_epoch = 0;
  valid_for = 0;
  created_epoch = 0
}

inline hear(i) {
  if
  :: wire[i].kind == granted && holder == creating && wire[i].nonce == nonce ->
    assert(created_epoch == 0); /* ORDER */
    holder = held;
    held_epoch = wire[i].epoch;
    created_epoch = held_epoch;
    valid_for = wire[i].clock;
    if
    :: held_epoch == SESSIONS -> REACHED(1)
    :: else
    fi
  :: wire[i].kind == renewed && holder == held && wire[i].nonce == nonce &&
     wire[i].epoch == held_epoch ->
    if
    :: valid_for == 0 && wire[i].clock > 0 -> REACHED(2)
    :: else
    fi;
    valid_for = MAX(valid_for, wire[i].clock)
  :: wire[i].kind == refused && holder == held && wire[i].nonce == nonce &&
     wire[i].epoch == held_epoch ->
    if
    :: held_epoch > ended -> REACHED(6)
    :: else
    fi;
    lose_session()
  :: else
  fi;
  clear(i)
}

#define IS_ANSWER(i) (wire[i].kind == granted || wire[i].kind == renewed || wire[i].kind == refused)

active proctype Holder() {
  byte i;
  do
  :: atomic { holder == idle && nonce < SESSIONS -> nonce++; holder = creating }
#ifdef FAULT_NO_LOST
  :: atomic { holder == held && valid_for == 0 && nonce < SESSIONS -> nonce++; held_epoch = 0; holder = creating }
#endif
  :: atomic { holder == creating && (FREE(0) || FREE(1)) ->
      i = (FREE(0) -> 0 : 1); request(i, create); i = 0 }
  :: atomic { holder == held && (FREE(0) || FREE(1)) ->
      i = (FREE(0) -> 0 : 1); request(i, renew); i = 0 }
  :: atomic { IS_ANSWER(0) -> hear(0) }
  :: atomic { IS_ANSWER(1) -> hear(1) }
  /* Its host stops its effects in SessionLost, which returns before the master is told. */
  :: atomic { holder == held && DRAINED && (FREE(0) || FREE(1)) ->
      i = (FREE(0) -> 0 : 1); request(i, close); i = 0; lose_session() }
  /* A crash; what is on its way still lands. */
  :: atomic { holder != idle -> lose_session() }
  /* The check of one effect. */
  :: atomic { valid_for > 0 && effect[0] == 0 -> effect[0] = held_epoch }
#ifdef CLOCK_STOPS
  :: atomic { valid_for > 0 && effect[1] == 0 -> effect[1] = held_epoch }
#endif
  od
}

/* ---- The master ------------------------------------------------------------------------------- */

/* The store. */
byte last_epoch;
byte session;        /* epoch; 0: none */
byte session_nonce;
#ifdef STORE_GOES_BACK
bool lengthened = true;
bool went_back;      /* and knows it: whoever it has forgotten may live for a term */
#else
bool lengthened;     /* the longer term may have been promised */
#endif

/* The leader's memory. */
bool leads = true;
byte expires_in;     /* D_m - now */
#ifdef STORE_GOES_BACK
bool promisable = true;
#else
bool promisable;     /* the load is high, and the store has the longer term */
#endif
byte forget_in;      /* how long the last promise of the longer term may still run, once it is not promisable */
#ifdef STORE_GOES_BACK
byte past_in;        /* how long a session that the store has forgotten may still live */
#endif
bool condemned;      /* the expiry is decided and being committed */

#ifdef STORE_GOES_BACK
byte nonce_of[SESSIONS + 1]; /* whose each epoch was, as a copy of the store has it */
#endif

/* D_m first, then the answer. */
inline grant(i, what) {
  if
  :: term = TERM
  :: promisable -> term = LONGEST
  fi;
  expires_in = MAX(expires_in, term);
  wire[i].kind = what;
  wire[i].epoch = session;
#ifdef FAULT_RECEIVE_TIME
  wire[i].clock = USABLE(term);
#else
  wire[i].clock = MINUS(USABLE(term), wire[i].clock);
#endif
  term = 0
}

inline end_session() {
  ended = MAX(ended, session);
  session = 0;
  session_nonce = 0;
  expires_in = 0;
  condemned = false;
  assert(P1(valid_for == 0 || held_epoch > ended))
}

/* A new session proves that all before it are over, also those that the store has forgotten. */
inline make_session(for_nonce) {
  ended = last_epoch;
  assert(P1(valid_for == 0 || held_epoch > ended));
  last_epoch++;
  assert(last_epoch > highest_made); /* ORDER: no epoch twice */
  highest_made = last_epoch;
  session = last_epoch;
  session_nonce = for_nonce;
#ifdef STORE_GOES_BACK
  nonce_of[session] = for_nonce
#endif
}

#ifdef STORE_GOES_BACK
#ifdef FAULT_NO_PAST
#define MAY_MAKE true
#else
#define MAY_MAKE (past_in == 0)
#endif
#else
#define MAY_MAKE true
#endif

#define IS_OF_SESSION(i) (session != 0 && wire[i].epoch == session && wire[i].nonce == session_nonce)
#ifdef FAULT_RENEW_CONDEMNED
#define MAY_RENEW true
#else
#define MAY_RENEW (!condemned)
#endif

inline serve(i) {
  if
  :: wire[i].kind == create && session == 0 && last_epoch < SESSIONS && MAY_MAKE ->
    make_session(wire[i].nonce);
    grant(i, granted)
  :: wire[i].kind == create && session != 0 && wire[i].nonce == session_nonce && !condemned ->
    grant(i, granted)
  :: wire[i].kind == renew && IS_OF_SESSION(i) && MAY_RENEW -> grant(i, renewed)
  :: wire[i].kind == renew && !IS_OF_SESSION(i) -> wire[i].kind = refused; wire[i].clock = 0
  :: wire[i].kind == close && IS_OF_SESSION(i) -> end_session(); clear(i)
  :: else -> clear(i)
  fi
}

/* Whoever led on the newer store may have promised anything. */
#if defined(STORE_GOES_BACK) && !defined(FAULT_PAST_OWN_TERM)
#define WENT_BACK went_back
#else
#define WENT_BACK false
#endif

inline take_over() {
  leads = true;
#ifdef FAULT_EPOCH_NOT_STORED
  last_epoch = session;
#endif
#ifdef FAULT_NO_WAIT
  expires_in = 0;
#else
#ifdef FAULT_OWN_TERM_ONLY
  expires_in = (session -> TERM : 0);
#else
  expires_in = (session -> (lengthened || WENT_BACK -> LONGEST : TERM) : 0);
#endif
#endif
#ifdef STORE_GOES_BACK
  past_in = (went_back -> LONGEST : 0);
  lengthened = true;
  promisable = true
#else
#ifndef FAULT_FORGOTTEN_ANEW
  forget_in = (lengthened -> LONGEST : 0)
#endif
#endif
}

inline stop_leading() {
  leads = false;
  expires_in = 0;
  condemned = false;
#ifndef STORE_GOES_BACK
  promisable = false;
#endif
  forget_in = 0;
#ifdef STORE_GOES_BACK
  past_in = 0
#endif
}

#define IS_REQUEST(i) (wire[i].kind == create || wire[i].kind == renew || wire[i].kind == close)

active proctype Master() {
  byte term;
  do
  :: atomic { leads && IS_REQUEST(0) -> serve(0) }
  :: atomic { leads && IS_REQUEST(1) -> serve(1) }
  :: atomic { leads && session != 0 && expires_in == 0 && !condemned -> condemned = true }
  :: atomic { leads && condemned -> end_session(); REACHED(3) }
#if !defined(CLOCK_STOPS) && !defined(STORE_GOES_BACK)
  /* The load grows: first the store has the longer term, then it is promised. */
#ifdef FAULT_PROMISED_FIRST
  :: atomic { leads && !promisable -> promisable = true }
  :: atomic { leads && promisable && !lengthened -> lengthened = true }
#else
  :: atomic { leads && !lengthened -> lengthened = true }
  :: atomic { leads && lengthened && !promisable -> promisable = true; forget_in = 0 }
#endif
  /* It shrinks: no more is promised, and when the last promise has run out the store forgets it. */
#ifdef FAULT_FORGOTTEN_EARLY
  :: atomic { leads && promisable -> promisable = false }
#else
  :: atomic { leads && promisable -> promisable = false; forget_in = LONGEST }
#endif
  :: atomic { leads && lengthened && !promisable && forget_in == 0 -> lengthened = false; REACHED(5) }
#endif
#ifdef STORE_GOES_BACK
#ifdef FAULT_PAST_OVER_EARLY
  :: atomic { leads && went_back -> went_back = false }
#else
  :: atomic { leads && went_back && past_in == 0 -> went_back = false }
#endif
#endif
  :: atomic { leads -> stop_leading() }
  :: atomic { !leads -> take_over() }
  od
}

/* ---- A store that goes back ------------------------------------------------------------------- */

/*
 * To what it was when it had a session of one of the epochs so far, or none: what it has forgotten lives on.
 * So does a promise of the lengthened term. Its counter begins at the floor (epochs.pml), so it stays.
 */
#ifdef STORE_GOES_BACK
inline go_back_to(epoch_then) {
  session = epoch_then;
  session_nonce = nonce_of[epoch_then];
  ended = (epoch_then -> MIN(ended, epoch_then - 1) : ended);
  lengthened = false;
#ifndef CLOCK_STOPS
  went_back = true
#endif
}

active proctype Store() {
  do
  :: atomic { !leads -> go_back_to(0) }
  :: atomic { !leads && last_epoch >= 1 -> go_back_to(1) }
  :: atomic { !leads && last_epoch >= 2 -> go_back_to(2) }
#if SESSIONS > 2
  :: atomic { !leads && last_epoch >= 3 -> go_back_to(3) }
#endif
  od
}
#endif

/* ---- The receiver ----------------------------------------------------------------------------- */

byte fence;          /* the highest epoch that it remembers */
byte accepted;       /* the highest epoch of which it accepted an effect */

inline land(i) {
  assert(P1(effect[i] > ended));
  if
#ifndef FAULT_NO_FENCE
  :: effect[i] < fence -> REACHED(4)
#endif
  :: else ->
    assert(effect[i] >= accepted); /* P2 */
    accepted = effect[i];
    fence = effect[i]
  fi;
  effect[i] = 0;
  effect_age[i] = 0
}

active proctype Receiver() {
  do
  :: atomic { effect[0] != 0 -> land(0) }
#ifdef CLOCK_STOPS
  :: atomic { effect[1] != 0 -> land(1) }
#endif
  od
}

/* ---- The network ------------------------------------------------------------------------------ */

inline repeat(from, to) {
  wire[to].kind = wire[from].kind;
  wire[to].nonce = wire[from].nonce;
  wire[to].epoch = wire[from].epoch;
  wire[to].clock = wire[from].clock
}

active proctype Network() {
  do
  :: atomic { !FREE(0) -> clear(0) }
  :: atomic { !FREE(1) -> clear(1) }
  :: atomic { !FREE(0) && FREE(1) -> repeat(0, 1) }
  :: atomic { FREE(0) && !FREE(1) -> repeat(1, 0) }
  od
}

/* ---- The clocks ------------------------------------------------------------------------------- */

inline grow_old(i, by) {
  if
  :: FREE(i)
  :: IS_REQUEST(i) -> wire[i].clock = MIN(wire[i].clock + by, OLDEST)
#ifdef FAULT_RECEIVE_TIME
  :: IS_ANSWER(i)
#else
  :: IS_ANSWER(i) -> wire[i].clock = MINUS(wire[i].clock, by)
#endif
  fi
}

/* An effect lands within delta of its check: until then the clock does not pass it. */
#ifdef CLOCK_STOPS
#define IN_TIME(by) true
#else
#define IN_TIME(by) (effect[0] == 0 || effect_age[0] + by <= DELTA)
#endif

inline holder_clock(by) {
  valid_for = MINUS(valid_for, by);
  grow_old(0, by);
  grow_old(1, by);
#ifndef CLOCK_STOPS
  if
  :: effect[0] == 0
  :: else -> effect_age[0] = effect_age[0] + by
  fi
#endif
}

inline master_clock(by) {
  expires_in = MINUS(expires_in, by);
  forget_in = MINUS(forget_in, by);
#ifdef STORE_GOES_BACK
  past_in = MINUS(past_in, by)
#endif
}

active proctype Time() {
  do
  :: atomic {
      if
      :: IN_TIME(SLOW) -> holder_clock(SLOW)
      :: IN_TIME(FAST) -> holder_clock(FAST)
#ifdef CLOCK_STOPS
      :: skip
#endif
      fi;
      if
      :: master_clock(SLOW)
      :: master_clock(FAST)
      fi
    }
  od
}
