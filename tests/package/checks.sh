# Sourced by the programs beside it: a promise is a command that must succeed.

passed=0
failed=0

check() { # PROMISE COMMAND...
  local promise=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    echo "ok      $promise"
    passed=$((passed + 1))
  else
    echo "FAILED  $promise"
    cat "$work/check.log"
    failed=$((failed + 1))
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
