using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Commands;

/// <summary>
/// A command of the tool. A new one is a folder with a class like this, and an entry in <see cref="Tool"/>.
/// </summary>
internal abstract class CliCommand : Command
{
    /// <summary>Recursive: the root command holds it for every command.</summary>
    public static Option<bool> JsonOption { get; } = new("--json")
    {
        Description = "Write JSON instead of text: one object per line.",
        Recursive = true,
    };

    protected CliCommand(string name, string description)
        : base(name, description) =>
        SetAction(ExecuteAsync);

    /// <summary>Whole command lines, each with what it is good for; the help shows them.</summary>
    public abstract IReadOnlyList<(string Line, string Purpose)> Examples { get; }

    public required Terminal Terminal { get; init; }

    /// <exception cref="CommandFailedException">It cannot be done, and the person at the keyboard can do something about it.</exception>
    protected abstract Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken);

    private async Task<int> ExecuteAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var invocation = new CommandInvocation(arguments, Terminal, arguments.GetValue(JsonOption), ending.Cancel);
        var code = await RunWithErrorHandlingAsync(invocation, ending.Token);
        return (int)(invocation.Output.WriteFailure is { } loss ? OutputFailure.Report(Terminal, loss) : code);
    }

    private async Task<ExitCode> RunWithErrorHandlingAsync(CommandInvocation invocation, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Success;
        }
        catch (CommandFailedException e)
        {
            Terminal.Error.WriteLine(e.Message);
            return e.Code;
        }
        // Its message names the file of an inbox, and what to do about it.
        catch (CallInboxUnavailableException e)
        {
            Terminal.Error.WriteLine(e.Message);
            return ExitCode.Unusable;
        }
        // Not its message: that may hold an address with a token in it.
        catch (Exception e)
        {
            Terminal.Error.WriteLine($"This should not have happened ({e.GetType().Name} in '{Name}'): please report it, with the command line but without its token.");
            return ExitCode.Failed;
        }
    }
}

/// <summary>One run of a command: its arguments, and where its output goes.</summary>
/// <param name="arguments">The command line.</param>
/// <param name="terminal">Where it was typed.</param>
/// <param name="asJson">Whether lines are written as JSON.</param>
/// <param name="end">Ends the command.</param>
internal sealed class CommandInvocation(ParseResult arguments, Terminal terminal, bool asJson, Action end)
{
    public ParseResult Arguments { get; } = arguments;

    public Terminal Terminal { get; } = terminal;

    public OutputWriter Output { get; } = new(terminal, asJson, end);

    /// <summary>Whether a screen that redraws itself may be shown.</summary>
    public bool UsesLiveDisplay { get; } = terminal.IsInteractive && !asJson;
}

/// <summary>The usual help, and below it what one would type.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CliCommand { Examples: var examples })
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var (line, purpose) in examples)
            {
                output.WriteLine($"  # {purpose}");
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        return code;
    }
}
