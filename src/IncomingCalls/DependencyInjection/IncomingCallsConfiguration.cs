using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>Fills the options from configuration; also the mark that this section is bound already, because lists bound twice would double.</summary>
internal sealed class IncomingCallsConfiguration(IConfigurationSection section) : IConfigureOptions<IncomingCallsOptions>
{
    public string Path => section.Path;

    /// <exception cref="OptionsValidationException">A value cannot be read; the message names the key and says what to write.</exception>
    public void Configure(IncomingCallsOptions options)
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            // The binder names the value, the key and the type, but not what the type would accept.
            throw new OptionsValidationException(Options.DefaultName, typeof(IncomingCallsOptions), [$"{e.Message} {Advice(e.Message)}"]);
        }
    }

    private static string Advice(string message) =>
        message.Contains(nameof(CallScenario), StringComparison.Ordinal) ? $"Write {string.Join(", ", Enum.GetNames<CallScenario>())}."
        : message.Contains(nameof(CallLabel), StringComparison.Ordinal) ? "Write IncomingCall, AnsweredCall, DroppedCall or MissedCall."
        : message.Contains(nameof(TimeSpan), StringComparison.Ordinal) ? "Write a time as 00:01:00, one minute."
        : "Write a whole number.";
}
