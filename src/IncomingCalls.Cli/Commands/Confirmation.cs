using System.CommandLine;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Commands;

/// <summary>Asks before something is done that cannot be taken back.</summary>
internal static class Confirmation
{
    /// <summary>For scripts, where nobody can be asked.</summary>
    public static Option<bool> CreateYesOption() => new("--yes")
    {
        Description = "Do it without a question.",
    };

    /// <summary>Asks, on the error stream: the output may be read by a program.</summary>
    /// <param name="terminal">Who is asked.</param>
    /// <param name="question">What, with all that the answer depends on.</param>
    /// <param name="cancellationToken">Ends the wait for an answer.</param>
    /// <exception cref="CommandFailedException">Nobody is there, or the answer is not yes.</exception>
    public static async Task RequireAsync(Terminal terminal, string question, CancellationToken cancellationToken)
    {
        if (terminal.In is not { } answers)
        {
            throw new CommandFailedException(ExitCode.Declined, $"{question} Nobody is there to be asked: add --yes to do it.");
        }

        await terminal.Error.WriteAsync($"{question} [y/N] ");
        var answer = await ReadAnswerAsync(answers, cancellationToken);
        if (answer is null)
        {
            // Nobody pressed Enter: what follows begins a line of its own.
            await terminal.Error.WriteLineAsync();
        }

        if (answer?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw new CommandFailedException(ExitCode.Declined, "Nothing was changed.");
        }
    }

    /// <summary>The reader of the console blocks its thread whatever its token says, and Ctrl+C must end the wait.</summary>
    /// <returns>The answer; null when there is none.</returns>
    private static async Task<string?> ReadAnswerAsync(TextReader answers, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(answers.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
