using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

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
        foreach (var verb in Verbs(terminal))
        {
            root.Subcommands.Add(verb);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);

        var result = root.Parse(arguments);
        if (result.Action is ParseErrorAction complaint)
        {
            // What is wrong, in a sentence, and no page of help around it.
            complaint.ShowHelp = false;
        }

        var code = await result.InvokeAsync(new() { Output = terminal.Out, Error = terminal.Error, ProcessTerminationTimeout = Patience });
        return result.Action is ParseErrorAction ? ExitCode.Usage : (ExitCode)code;
    }

    private static IEnumerable<Verb> Verbs(Terminal terminal) =>
    [
        new SimulateVerb { Terminal = terminal },
        new SendVerb { Terminal = terminal },
        new TailVerb { Terminal = terminal },
    ];
}
