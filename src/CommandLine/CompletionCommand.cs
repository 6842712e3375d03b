using System;
using System.CommandLine;

namespace Interop.Sessions.CommandLine;

/// <summary>
/// The command that prints what a shell runs to complete the program's words. The shell asks the program itself, so it never falls behind.
/// Compiled into each program that has a command line.
/// </summary>
internal static class CompletionCommand
{
    /// <param name="program">Its name.</param>
    internal static Command Make(string program)
    {
        Argument<string> shell = new("shell") { Description = $"Which: eval \"$({program} completion bash)\", or of zsh; {program} completion fish | source." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Command command = new("completion", "Prints what a shell runs to complete commands and options.") { shell };
        command.SetAction(parsed => Console.Out.WriteLine(ScriptOf(parsed.GetRequiredValue(shell), program)));
        return command;
    }

    // What begins with / are other spellings of --help.
    private static string ScriptOf(string shell, string program)
    {
        string function = "_" + program.Replace('-', '_');
        return shell switch
        {
            "bash" => $$"""
                {{function}}() {
                  local word
                  COMPREPLY=()
                  while IFS= read -r word; do
                    [[ $word != /* && $word == "$2"* ]] && COMPREPLY+=("$word")
                  done < <({{program}} "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
                }
                complete -o bashdefault -o default -F {{function}} {{program}}
                """,
            "zsh" => $$"""
                {{function}}() {
                  local line="${(j: :)words[1,CURRENT]}"
                  local -a suggested=(${(f)"$({{program}} "[suggest:${#line}]" "$line" 2>/dev/null | grep -v '^/')"})
                  (( $#suggested )) && compadd -a suggested || _files
                }
                compdef {{function}} {{program}}
                """,
            _ => $$"""
                function {{function}}
                  set -l line (commandline -cp)
                  {{program}} "[suggest:"(string length -- $line)"]" $line 2>/dev/null | string match -v '/*'
                end
                complete -c {{program}} -a '({{function}})'
                """,
        };
    }
}
