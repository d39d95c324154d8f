using System.CommandLine;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Commands;

/// <summary>Asks for confirmation of an action that cannot be undone.</summary>
internal static class Confirmation
{
    /// <summary>Creates the option <c>--yes</c>, for scripts that cannot answer a question.</summary>
    public static Option<bool> CreateYesOption() => new("--yes")
    {
        Description = "Do not ask for confirmation.",
    };

    /// <summary>Asks on the error stream, because the output may be read by a program.</summary>
    /// <param name="terminal">The terminal to ask on.</param>
    /// <param name="question">The question, with everything that the decision depends on.</param>
    /// <param name="cancellationToken">Cancels the wait for an answer, which counts as no.</param>
    /// <exception cref="CommandFailedException">The input is redirected, or the answer is not yes.</exception>
    public static async Task RequireAsync(Terminal terminal, string question, CancellationToken cancellationToken)
    {
        if (terminal.In is not { } answers)
        {
            throw new CommandFailedException(ExitCode.Declined, $"{question} The question cannot be answered because the input is redirected. Add --yes to confirm.");
        }

        await terminal.Error.WriteAsync($"{question} [y/N] ");
        var answer = await ReadAnswerAsync(answers, cancellationToken);
        if (answer is null)
        {
            // Enter was not pressed, so the next message needs a new line.
            await terminal.Error.WriteLineAsync();
        }

        if (answer?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
        {
            throw new CommandFailedException(ExitCode.Declined, "Nothing was changed.");
        }
    }

    /// <summary>Reads an answer on another thread: the console reader ignores cancellation, and Ctrl+C must end the wait.</summary>
    /// <returns>A task whose result is the answer; null when there is none.</returns>
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
