using System.Text.RegularExpressions;

namespace IncomingCalls.Shared;

/// <summary>
/// Creates the message for a value that the configuration binder could not convert: the key and a valid value. The message does not
/// contain the invalid value, which can be a secret under a wrong key.
/// </summary>
internal static partial class BindingErrorMessage
{
    public static string Create(InvalidOperationException failure)
    {
        var match = BinderMessage().Match(failure.Message);
        var type = match.Groups["type"].Value;
        return match.Success ? $"{match.Groups["key"].Value} cannot be read. {DescribeValidValues(type[(type.LastIndexOf('.') + 1)..])}" : failure.Message;
    }

    private static string DescribeValidValues(string type) => type switch
    {
        nameof(CallScenario) => "Write AllStatuses, Ignore, OfferOnly, ResultOnly.",
        nameof(CallTreatment) => "Write Record, Ignore or Alert.",
        nameof(CallLabel) => "Write IncomingCall, AnsweredCall, DroppedCall or MissedCall.",
        nameof(ReceiveMode) => "Write Polling or Webhook.",
        nameof(TimeSpan) => "Write a time as 00:01:00, one minute.",
        nameof(Boolean) => "Write true or false.",
        _ => "Write a whole number.",
    };

    // The message of the binder contains the value, the key and the type, but not the values that are valid.
    [GeneratedRegex("at '(?<key>[^']+)' to type '(?<type>[^']+)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BinderMessage();
}
