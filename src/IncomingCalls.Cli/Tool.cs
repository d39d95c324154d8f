using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Doctor;
using IncomingCalls.Cli.Inbox;
using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Send;
using IncomingCalls.Cli.Simulate;
using IncomingCalls.Cli.Tail;

namespace IncomingCalls.Cli;

/// <summary>The commands, and what they have in common.</summary>
internal static class Tool
{
    /// <summary>Above what a command needs to end when it is told to: the simulator closes its connections.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);

    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var root = new RootCommand("Tries out and watches the way of WhatsApp calls from GREEN-API to your host.") { CliCommand.JsonOption };
        foreach (var command in CreateCommands(terminal))
        {
            root.Subcommands.Add(command);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);

        // A token may begin with an @, which would be taken for the name of a file with arguments.
        var result = root.Parse(arguments, new() { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction)
        {
            WriteParseErrors(result, terminal);
            return ExitCode.Usage;
        }

        try
        {
            return (ExitCode)await result.InvokeAsync(
                new() { Output = terminal.Out, Error = terminal.Error, ProcessTerminationTimeout = TerminationTimeout, EnableDefaultExceptionHandler = false });
        }
        // Help, or the version: a command looks after its own lines.
        catch (Exception e) when (OutputFailure.IsWriteFailure(e))
        {
            return OutputFailure.Report(terminal, e);
        }
    }

    /// <summary>What is wrong, in a sentence, and no page of help around it.</summary>
    private static void WriteParseErrors(ParseResult result, Terminal terminal) =>
        terminal.Error.WriteLine($"{string.Join(' ', DescribeParseErrors(result))} See {CommandPathOf(result.CommandResult)} --help.");

    /// <summary>
    /// Of what nobody knows, only the names of options are repeated, and the word where a command belongs: anything else may be a
    /// token, after a misspelt --token.
    /// </summary>
    private static IEnumerable<string> DescribeParseErrors(ParseResult result)
    {
        var unknown = result.UnmatchedTokens;
        if (result.CommandResult.Command is not CliCommand && unknown is [var word, ..] && !word.StartsWith('-'))
        {
            return [$"There is no command '{word}'."];
        }

        var others = result.Errors.Select(error => error.Message)
            .Where(sentence => !unknown.Any(token => sentence.Contains($"'{token}'", StringComparison.Ordinal)));
        var options = unknown.Where(token => token.StartsWith('-')).Select(token => $"Unrecognized command or argument '{token.Split('=', ':')[0]}'.").ToList();
        string[] surplus = unknown.Count == 0 || options.Count > 0 ? [] : [$"There is an argument too many for '{result.CommandResult.Command.Name}'."];
        return others.Concat(options).Concat(surplus).Distinct();
    }

    private static string CommandPathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{CommandPathOf(parent)} {result.Command.Name}" : result.Command.Name;

    private static IEnumerable<Command> CreateCommands(Terminal terminal) =>
    [
        new SimulateCommand { Terminal = terminal },
        new SendCommand { Terminal = terminal },
        new TailCommand { Terminal = terminal },
        new DoctorCommand { Terminal = terminal },
        new Command("inbox", "Looks after the file of a SQLite inbox, also while a host works on it.")
        {
            new InboxStatsCommand { Terminal = terminal },
            new InboxListCommand { Terminal = terminal },
            new InboxShowCommand { Terminal = terminal },
            new InboxReplayCommand { Terminal = terminal },
            new InboxPurgeCommand { Terminal = terminal },
        },
    ];
}
