/*
 * Numbered writes, as src/Core/Master/WriteLog.cs and SessionTable.Writes.cs have them, for an exhaustive search
 * by spin: one session, one item of it, its holder, the master with its store, and a network.
 *
 * The holder sets, adds (sets what must not be there) and removes the item, one write after the other, or with
 * CONCURRENT two at a time. It repeats an unanswered one, at the next master too, and may give it up. The network
 * keeps whatever was sent: each request and each answer is delivered any number of times, at any time, or never.
 * The master may crash at any moment and has then but its store. The holder may be restarted: it re-attaches, and
 * counts from 1 again.
 *
 * ONCE      a write is made at most once; none that was answered with a refusal, none of a former connection, and
 *           none that the holder was done with before it began one that has been made.
 * ANSWERED  who is told that his write was made, or that it was not, is told the truth; nobody who waits is taken
 *           for a late copy.
 * REGISTER  (one write after the other) after the last write's answer that it was made, its value is found, until
 *           the next one begins.
 * Together they are linearizability, of the item as a register: each write that was answered takes effect once,
 * between its call and its answer.
 *
 * tests/model/check runs this file, also with one of these faults, each of which must be found:
 *   FAULT_NOT_REMEMBERED      no answer is remembered: a copy is another write
 *   FAULT_LOG_NOT_STORED      the answers are forgotten over a change of leader
 *   FAULT_LOG_STORED_APART    the answer is stored after the item and not with it
 *   FAULT_LOG_WITH_ITEM       the answers go with the item that is removed
 *   FAULT_FINISHED_IGNORED    the answers that the holder has finished with are dropped, and their copies are new
 *   FAULT_FINISHED_NOT_STORED what the holder has finished with is forgotten over a change of leader
 *   FAULT_REFUSAL_FORGOTTEN   a copy of what was refused is looked at anew
 *   FAULT_REFUSAL_NOT_STORED  the same, but only by a later leader
 *   FAULT_NONCE_IGNORED       a copy of the former connection's is taken for one of the new
 *   FAULT_LOG_OF_FORMER       the new connection begins with the answers of the former
 *
 * REACH=<n> asserts that something desirable never happens; spin must find that it does.
 */

/* Of all connections together. A write's value is its place in these arrays, from 1; 0: there is no item. */
#define WRITES 4
#define CONNECTIONS 2

#ifdef CONCURRENT
#define WINDOW 2
#else
#define WINDOW 1
#endif

#define MAX(a, b) ((a) > (b) -> (a) : (b))
#define REACHED(n) assert(REACH != n)
#ifndef REACH
#define REACH 0
#endif

mtype = { nothing, set, add, remove };

/* A write as it was sent. */
typedef Write {
  mtype kind = nothing;
  byte nonce;
  byte number;
  byte first_unfinished;
  bool told_made;    /* answers on their way */
  bool told_refused
}
Write write[WRITES + 1];

mtype = { unknown, waiting, given_up, is_made, is_refused };
mtype outcome[WRITES + 1] = unknown;  /* at the holder */

/* ---- The holder ------------------------------------------------------------------------------- */

byte begun;          /* writes so far */
byte connection = 1;
byte before;         /* writes of its former connections */

#define IS_WAITING(w) (w <= begun && outcome[w] == waiting)
#define COUNT_WAITING (IS_WAITING(1) + IS_WAITING(2) + IS_WAITING(3) + IS_WAITING(4))

inline begin(what) {
  begun++;
  write[begun].kind = what;
  write[begun].nonce = connection;
  write[begun].number = begun - before;
  outcome[begun] = waiting;
  i = before + 1;
  do
  :: outcome[i] != waiting -> i++
  :: else -> break
  od;
  write[begun].first_unfinished = i - before;
  i = 0
}

inline hear(w) {
  if
  :: write[w].told_made ->
    assert(made[w]);     /* ANSWERED */
    outcome[w] = is_made
  :: write[w].told_refused ->
    assert(!made[w]);    /* ANSWERED */
    outcome[w] = is_refused
  fi
}

#define IS_TOLD(w) (IS_WAITING(w) && (write[w].told_made || write[w].told_refused))
#define MAY_BEGIN (begun < WRITES && COUNT_WAITING < WINDOW)

bool made[WRITES + 1];
byte item;

active proctype Holder() {
  byte i;
  do
  :: atomic { MAY_BEGIN -> begin(set) }
  :: atomic { MAY_BEGIN -> begin(add) }
  :: atomic { MAY_BEGIN -> begin(remove) }
  :: atomic { IS_TOLD(1) -> hear(1) }
  :: atomic { IS_TOLD(2) -> hear(2) }
  :: atomic { IS_TOLD(3) -> hear(3) }
  :: atomic { IS_TOLD(4) -> hear(4) }
  :: atomic { IS_WAITING(1) -> outcome[1] = given_up }
  :: atomic { IS_WAITING(2) -> outcome[2] = given_up }
  :: atomic { IS_WAITING(3) -> outcome[3] = given_up }
  :: atomic { IS_WAITING(4) -> outcome[4] = given_up }
#ifndef CONCURRENT
  /* It reads. */
  :: atomic { begun > 0 && outcome[begun] == is_made ->
      assert(item == (write[begun].kind == remove -> 0 : begun)) } /* REGISTER */
#endif
  od
}

/* ---- The master ------------------------------------------------------------------------------- */

#define LOG(kept, number) ((kept >> (number)) & 1)
#define WITH(kept, number) (kept | (1 << (number)))
/* Those from a number on. */
#define FROM(kept, number) ((kept >> (number)) << (number))

/* The leader's memory: bits by number. */
byte nonce = 1;
byte finished;       /* a lower number is a late copy */
byte made_log;
byte refused_log;

/* The store; the item, and the nonce, are always as in memory. */
byte stored_finished;
byte stored_made_log;
byte stored_refused_log;

inline store_log() {
#ifndef FAULT_LOG_NOT_STORED
  stored_made_log = made_log;
#ifndef FAULT_REFUSAL_NOT_STORED
  stored_refused_log = refused_log;
#endif
#endif
#ifndef FAULT_FINISHED_NOT_STORED
  stored_finished = finished
#endif
}

/* The next leader has but the store. */
inline load() {
  finished = stored_finished;
  made_log = stored_made_log;
  refused_log = stored_refused_log
}

inline make(w) {
  assert(!made[w] && outcome[w] != is_refused);        /* ONCE */
  assert(write[w].nonce == nonce);
  assert(write[w].number >= made_finished);
  made[w] = true;
  made_finished = MAX(made_finished, write[w].first_unfinished);
  item = (write[w].kind == remove -> 0 : w);
  if
  :: outcome[w] != waiting -> REACHED(1)
  :: else
  fi;
#ifndef FAULT_NOT_REMEMBERED
  made_log = WITH(made_log, write[w].number);
#endif
#ifdef FAULT_LOG_WITH_ITEM
  if
  :: item == 0 -> made_log = 0; refused_log = 0; finished = 0
  :: else
  fi;
#endif
#ifdef FAULT_LOG_STORED_APART
  if
  :: store_log(); write[w].told_made = true
  :: load()
  fi
#else
  store_log();
  write[w].told_made = true
#endif
}

#define IS_POSSIBLE(w) (write[w].kind == set || (write[w].kind == add && item == 0) || \
                        (write[w].kind == remove && item != 0))
#ifdef FAULT_NONCE_IGNORED
#define IS_OF_CONNECTION(w) true
#else
#define IS_OF_CONNECTION(w) (write[w].nonce == nonce)
#endif
#ifdef FAULT_FINISHED_IGNORED
#define IS_LATE(w) false
#else
#define IS_LATE(w) (write[w].number < finished)
#endif

inline serve(w) {
  if
  :: !IS_OF_CONNECTION(w)
  :: IS_OF_CONNECTION(w) && IS_LATE(w) ->
    assert(outcome[w] != waiting);                      /* ANSWERED */
    REACHED(2)
  :: else ->
    finished = MAX(finished, write[w].first_unfinished);
    made_log = FROM(made_log, finished);
    refused_log = FROM(refused_log, finished);
    if
    :: LOG(made_log, write[w].number) -> write[w].told_made = true; REACHED(3)
    :: LOG(refused_log, write[w].number) -> write[w].told_refused = true
    :: else ->
      if
      :: IS_POSSIBLE(w) -> make(w)
      :: else ->
#if !defined(FAULT_REFUSAL_FORGOTTEN) && !defined(FAULT_NOT_REMEMBERED)
        refused_log = WITH(refused_log, write[w].number);
#endif
        store_log();
        write[w].told_refused = true
      fi
    fi
  fi
}

byte made_finished;  /* of the writes that were made, the highest first_unfinished */

/* What it has stored of the former connection says nothing of the new one. */
inline reattach() {
  connection++;
  before = begun;
  nonce = connection;
  i = 1;
  do
  :: i <= begun ->
    if
    :: outcome[i] == waiting -> outcome[i] = given_up
    :: else
    fi;
    i++
  :: else -> break
  od;
  i = 0;
  made_finished = 0;
#ifndef FAULT_LOG_OF_FORMER
  finished = 0;
  made_log = 0;
  refused_log = 0;
#endif
  stored_finished = finished;
  stored_made_log = made_log;
  stored_refused_log = refused_log
}

active proctype Master() {
  byte i;
  do
  :: atomic { begun >= 1 -> serve(1) }
  :: atomic { begun >= 2 -> serve(2) }
  :: atomic { begun >= 3 -> serve(3) }
  :: atomic { begun >= 4 -> serve(4) }
  :: atomic { load() } /* it crashes, and another one leads */
  :: atomic { connection < CONNECTIONS -> reattach() }
  od
}
