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

/// <summary>The root command with all commands of the tool.</summary>
internal static class Tool
{
    /// <summary>Longer than a command needs to end after Ctrl+C or SIGTERM: the simulator closes its connections.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(10);

    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var root = new RootCommand("Tests and monitors the delivery of WhatsApp calls from GREEN-API to your host.") { CliCommand.JsonOption };
        foreach (var command in CreateCommands(terminal))
        {
            root.Subcommands.Add(command);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);

        // A token may begin with @, which would be parsed as the name of a response file.
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
        // The output of help or version; commands handle write failures of their lines themselves.
        catch (Exception e) when (OutputFailure.IsWriteFailure(e))
        {
            return OutputFailure.Report(terminal, e);
        }
    }

    /// <summary>Writes what is wrong in whole sentences, without the help page.</summary>
    private static void WriteParseErrors(ParseResult result, Terminal terminal) =>
        terminal.Error.WriteLine($"{string.Join(' ', DescribeParseErrors(result))} See {CommandPathOf(result.CommandResult)} --help.");

    /// <summary>
    /// Describes the parse errors. Of unrecognized arguments, only the names of options and the word in the place of a command are quoted:
    /// any other argument may be a token after a misspelled --token.
    /// </summary>
    private static IEnumerable<string> DescribeParseErrors(ParseResult result)
    {
        var unknown = result.UnmatchedTokens;
        if (result.CommandResult.Command is not CliCommand && unknown is [var word, ..] && !word.StartsWith('-'))
        {
            return [$"There is no command '{word}'."];
        }

        var others = result.Errors.Select(error => error.Message)
            .Where(message => !unknown.Any(token => message.Contains($"'{token}'", StringComparison.Ordinal)));
        var options = unknown.Where(token => token.StartsWith('-')).Select(token => $"Unrecognized command or argument '{token.Split('=', ':')[0]}'.").ToList();
        string[] surplus = unknown.Count == 0 || options.Count > 0 ? [] : [$"There are too many arguments for '{result.CommandResult.Command.Name}'."];
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
        new Command("inbox", "Manages a SQLite or PostgreSQL inbox, also while hosts use it.")
        {
            new InboxStatsCommand { Terminal = terminal },
            new InboxDrainedCommand { Terminal = terminal },
            new InboxCallsCommand { Terminal = terminal },
            new InboxListCommand { Terminal = terminal },
            new InboxShowCommand { Terminal = terminal },
            new InboxReplayCommand { Terminal = terminal },
            new InboxPurgeCommand { Terminal = terminal },
            new InboxPausesCommand { Terminal = terminal },
            new InboxResumeCommand { Terminal = terminal },
            new InboxLogCommand { Terminal = terminal },
            new InboxEraseCommand { Terminal = terminal },
            new InboxErasuresCommand { Terminal = terminal },
            new InboxSchemaCommand { Terminal = terminal },
        },
    ];
}
