using System.Text.RegularExpressions;

namespace IncomingCalls.Shared;

/// <summary>
/// Creates the message for a value that the configuration binder could not convert: the key and a valid value. The message does not
/// contain the invalid value, which can be a secret under a wrong key, unless it has the characters of a duration.
/// </summary>
internal static partial class BindingErrorMessage
{
    public static string Create(InvalidOperationException failure)
    {
        var match = BinderMessage().Match(failure.Message);
        if (!match.Success)
        {
            return failure.Message;
        }

        var (key, value, type) = (match.Groups["key"].Value, match.Groups["value"].Value, match.Groups["type"].Value);
        var typeName = type[(type.LastIndexOf('.') + 1)..];
        var problem = typeName == nameof(TimeSpan) && Duration().IsMatch(value) ? $"is {value.Trim()}, which cannot be read" : "cannot be read";
        return $"{key} {problem}. {DescribeValidValues(typeName)}";
    }

    private static string DescribeValidValues(string type) => type switch
    {
        nameof(CallScenario) => "Write AllStatuses, Ignore, OfferOnly, ResultOnly, AlertAndResult.",
        nameof(CallTreatment) => "Write Record, Ignore or Alert.",
        nameof(CallLabel) => "Write IncomingCall, AnsweredCall, DroppedCall or MissedCall.",
        nameof(ReceiveMode) => "Write Polling, Webhook or Journal.",
        nameof(TimeSpan) => $"Write a time as hours:minutes:seconds, where {DurationText.Examples}.",
        nameof(Boolean) => "Write true or false.",
        _ => "Write a whole number.",
    };

    // The message of the binder contains the value, the key and the type, but not the values that are valid.
    [GeneratedRegex("(?:value '(?<value>[^']*)' )?at '(?<key>[^']+)' to type '(?<type>[^']+)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BinderMessage();

    // At least one colon: a bare number can be a phone number.
    [GeneratedRegex(@"^\s*-?[0-9.]{1,12}(?::[0-9.]{0,12}){1,4}\s*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();
}
