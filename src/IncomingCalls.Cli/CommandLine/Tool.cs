using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace IncomingCalls.Cli;

/// <summary>The commands, and what they have in common.</summary>
internal static class Tool
{
    /// <summary>Above what a command needs to end when it is told to: the simulator closes its connections.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Write JSON instead of text: one object per line.",
        Recursive = true,
    };

    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var root = new RootCommand("Tries out and watches the way of WhatsApp calls from GREEN-API to your host.") { Json };
        foreach (var command in Commands(terminal))
        {
            root.Subcommands.Add(command);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);

        var result = root.Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            Complain(result, terminal);
            return ExitCode.Usage;
        }

        return (ExitCode)await result.InvokeAsync(new() { Output = terminal.Out, Error = terminal.Error, ProcessTerminationTimeout = Patience });
    }

    /// <summary>What is wrong, in a sentence, and no page of help around it.</summary>
    private static void Complain(ParseResult result, Terminal terminal)
    {
        var sentences = result.Errors.Select(error => error.Message).Distinct().ToList();
        if (result.CommandResult.Command is Verb verb
            // Not quoted: it may be a token, after a misspelt --token.
            && sentences.RemoveAll(sentence => result.UnmatchedTokens.Any(token => !token.StartsWith('-') && sentence.Contains($"'{token}'", StringComparison.Ordinal))) > 0
            && sentences.Count == 0)
        {
            sentences.Add($"There is an argument too many for '{verb.Name}'.");
        }

        terminal.Error.WriteLine($"{string.Join(' ', sentences)} See {PathOf(result.CommandResult)} --help.");
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : result.Command.Name;

    private static IEnumerable<Command> Commands(Terminal terminal) =>
    [
        new SimulateVerb { Terminal = terminal },
        new SendVerb { Terminal = terminal },
        new TailVerb { Terminal = terminal },
        new DoctorVerb { Terminal = terminal },
        new Command("inbox", "Looks after the file of a SQLite inbox, also while a host works on it.")
        {
            new InboxStatsVerb { Terminal = terminal },
            new InboxListVerb { Terminal = terminal },
            new InboxShowVerb { Terminal = terminal },
            new InboxReplayVerb { Terminal = terminal },
            new InboxPurgeVerb { Terminal = terminal },
        },
    ];
}
