using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;

namespace IncomingCalls.Cli.Doctor;

/// <summary>Brings the settings of an instance to where calls arrive, with the consent of the person at the keyboard.</summary>
internal sealed class SettingsUpdate(GreenApiConnection connection, CommandInvocation invocation)
{
    private const int MaxAttempts = 5;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <param name="wanted">The settings to write where they differ.</param>
    /// <param name="mayWrite">Whether consent was given already.</param>
    /// <param name="cancellationToken">Ends it; before the question is answered nothing is written.</param>
    /// <exception cref="CommandFailedException">The instance does not answer, or consent is refused.</exception>
    public async Task RunAsync(GreenApiSettingsChange wanted, bool mayWrite, CancellationToken cancellationToken)
    {
        var instance = connection.Instance;
        var settings = await RequestAsync(() => connection.Client.GetSettingsAsync(instance, cancellationToken), cancellationToken);
        var change = wanted.DifferenceFrom(settings);
        var differences = change.SettingNames.ToArray();
        WriteSettingsLine(differences, isWritten: false);
        if (differences.Length == 0)
        {
            return;
        }

        if (!mayWrite)
        {
            await Confirmation.RequireAsync(
                invocation.Terminal,
                $"Write {string.Join(", ", differences)} of instance {instance.IdInstance}? It restarts, and hears nothing for up to five minutes.",
                cancellationToken);
        }

        // What was shown, and nothing that changed since.
        await RequestAsync(() => connection.Client.SetSettingsAsync(instance, change, cancellationToken), cancellationToken);
        WriteSettingsLine(differences, isWritten: true);
    }

    /// <summary>A method may be asked once a second, and the examination has just asked for the settings.</summary>
    private async Task<T> RequestAsync<T>(Func<Task<GreenApiResult<T>>> ask, CancellationToken cancellationToken)
    {
        var answer = await ask();
        for (var tries = 1; answer.Status == GreenApiStatus.RateLimited && tries < MaxAttempts; tries++)
        {
            await Task.Delay(RetryDelay, invocation.Terminal.Time, cancellationToken);
            answer = await ask();
        }

        GreenApiErrors.ThrowUnlessOk(connection.Instance, answer);
        return answer.Value!;
    }

    private void WriteSettingsLine(string[] differences, bool isWritten) => invocation.Output.Write(
        new() { IdInstance = connection.Instance.IdInstance, Differences = differences, IsWritten = isWritten }, CliJsonContext.Readable.SettingsLine);
}
