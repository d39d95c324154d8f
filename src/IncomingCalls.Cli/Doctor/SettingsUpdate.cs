using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Client;

namespace IncomingCalls.Cli.Doctor;

/// <summary>Writes the settings that call notifications need, after the confirmation of the user.</summary>
internal sealed class SettingsUpdate(GreenApiConnection connection, CommandInvocation invocation)
{
    /// <param name="wanted">The settings to write where they differ.</param>
    /// <param name="isConfirmed">Whether writing is already confirmed.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests. Nothing is written before the confirmation.</param>
    /// <exception cref="CommandFailedException">A request failed, or the confirmation was declined.</exception>
    public async Task RunAsync(GreenApiSettingsChange wanted, bool isConfirmed, CancellationToken cancellationToken)
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

        if (!isConfirmed)
        {
            await Confirmation.RequireAsync(
                invocation.Terminal,
                $"Write {string.Join(", ", differences)} of instance {instance.IdInstance}? The instance restarts and sends no notifications for up to five minutes.",
                cancellationToken);
        }

        // Writes exactly the change that was confirmed.
        await RequestAsync(() => connection.Client.SetSettingsAsync(instance, change, cancellationToken), cancellationToken);
        WriteSettingsLine(differences, isWritten: true);
    }

    /// <summary>
    /// Sends a request and retries it when it is rate limited: a method may be called once per second, and the examination has just read
    /// the settings.
    /// </summary>
    private async Task<T> RequestAsync<T>(Func<Task<GreenApiResult<T>>> send, CancellationToken cancellationToken)
    {
        var result = await RateLimitRetry.SendAsync(send, invocation.Terminal.Time, cancellationToken);
        GreenApiErrors.ThrowUnlessOk(connection.Instance, result);
        return result.Value!;
    }

    private void WriteSettingsLine(string[] differences, bool isWritten) => invocation.Output.Write(
        new() { IdInstance = connection.Instance.IdInstance, Differences = differences, IsWritten = isWritten }, CliJsonContext.Readable.SettingsLine);
}
