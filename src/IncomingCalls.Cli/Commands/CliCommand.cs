using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Commands;

/// <summary>
/// The base class of the commands of the tool. A new command needs a folder with a derived class, and an entry in <see cref="Tool"/>.
/// </summary>
internal abstract class CliCommand : Command
{
    /// <summary>The option <c>--json</c>. The root command contains it as a recursive option for all commands.</summary>
    public static Option<bool> JsonOption { get; } = new("--json")
    {
        Description = "Write JSON instead of text: one object per line.",
        Recursive = true,
    };

    protected CliCommand(string name, string description)
        : base(name, description) =>
        SetAction(ExecuteAsync);

    /// <summary>Example command lines with their purposes, which the help shows.</summary>
    public abstract IReadOnlyList<(string Line, string Purpose)> Examples { get; }

    public required Terminal Terminal { get; init; }

    /// <exception cref="CommandFailedException">The command failed for a reason that the user can correct.</exception>
    protected abstract Task<ExitCode> RunAsync(CommandInvocation invocation, CancellationToken cancellationToken);

    private async Task<int> ExecuteAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var invocation = new CommandInvocation(arguments, Terminal, arguments.GetValue(JsonOption), stopping.Cancel);
        var code = await RunWithErrorHandlingAsync(invocation, stopping.Token);
        return (int)(invocation.Output.WriteFailure is { } failure ? OutputFailure.Report(Terminal, failure) : code);
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
        // The message says which inbox cannot be used and what to do. It contains no connection string.
        catch (CallInboxUnavailableException e)
        {
            Terminal.Error.WriteLine(e.Message);
            return ExitCode.Unusable;
        }
        // Without the message, which may contain an address with a token.
        catch (Exception e)
        {
            Terminal.Error.WriteLine($"The command failed unexpectedly ({e.GetType().Name} in '{Name}'). Report the error with the command line, but without the token.");
            return ExitCode.Failed;
        }
    }
}

/// <summary>One invocation of a command: its arguments and its output.</summary>
/// <param name="arguments">The parsed command line.</param>
/// <param name="terminal">The terminal that the command writes to.</param>
/// <param name="asJson">Whether lines are written as JSON.</param>
/// <param name="cancel">Cancels the command; called when its output cannot be written.</param>
internal sealed class CommandInvocation(ParseResult arguments, Terminal terminal, bool asJson, Action cancel)
{
    public ParseResult Arguments { get; } = arguments;

    public Terminal Terminal { get; } = terminal;

    public OutputWriter Output { get; } = new(terminal, asJson, cancel);

    /// <summary>Whether a live display may be shown.</summary>
    public bool UsesLiveDisplay { get; } = terminal.IsInteractive && !asJson;
}

/// <summary>Shows the default help, followed by the examples of the command.</summary>
internal sealed class HelpWithExamples(HelpAction defaultHelp) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = defaultHelp.Invoke(parseResult);
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
