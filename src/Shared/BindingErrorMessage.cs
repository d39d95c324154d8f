using System.Text.RegularExpressions;

namespace IncomingCalls.Shared;

/// <summary>What is wrong with a value that the configuration binder could not read, and what to write. Not the value: it may be a secret under the wrong key.</summary>
internal static partial class BindingErrorMessage
{
    public static string Create(InvalidOperationException failure)
    {
        var told = BinderMessage().Match(failure.Message);
        var type = told.Groups["type"].Value;
        return told.Success ? $"{told.Groups["key"].Value} cannot be read. {Advice(type[(type.LastIndexOf('.') + 1)..])}" : failure.Message;
    }

    private static string Advice(string type) => type switch
    {
        nameof(CallScenario) => $"Write {string.Join(", ", Enum.GetNames<CallScenario>())}.",
        nameof(CallLabel) => "Write IncomingCall, AnsweredCall, DroppedCall or MissedCall.",
        nameof(ReceiveMode) => "Write Polling or Webhook.",
        nameof(TimeSpan) => "Write a time as 00:01:00, one minute.",
        nameof(Boolean) => "Write true or false.",
        _ => "Write a whole number.",
    };

    // The binder names the value, the key and the type, but not what the type would accept.
    [GeneratedRegex("at '(?<key>[^']+)' to type '(?<type>[^']+)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BinderMessage();
}
