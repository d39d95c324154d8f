
using IncomingCalls.Shared;

namespace IncomingCalls.Records;

/// <summary>
/// Gets the text of a label in the language of an instance, or in the nearest parent language that has one. A text that the host has
/// configured takes precedence over the built-in one.
/// </summary>
/// <remarks>
/// The texts are those of the vendor's documentation in Russian, Hebrew and English, see
/// <see href="https://green-api.com/docs/api/recommendations/working-with-incomming-calls/">Работа с входящими звонками</see>.
/// They are so few that they are in the code: satellite assemblies would add two folders to the output of every host.
/// </remarks>
internal sealed class CallLabelTexts(LastKnownGoodOptions<IncomingCallsOptions> options, ICallInstances instances)
{
    private static readonly Dictionary<CallLabel, string> English = new()
    {
        [CallLabel.IncomingCall] = "Incoming call",
        [CallLabel.AnsweredCall] = "Answered call",
        [CallLabel.DroppedCall] = "Dropped call",
        [CallLabel.MissedCall] = "Missed call",
    };

    private static readonly Dictionary<string, Dictionary<CallLabel, string>> BuiltIn = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ru"] = new()
        {
            [CallLabel.IncomingCall] = "Входящий вызов",
            [CallLabel.AnsweredCall] = "Отвеченный звонок",
            [CallLabel.DroppedCall] = "Сброшенный звонок",
            [CallLabel.MissedCall] = "Пропущенный звонок",
        },
        // The documentation has no Hebrew text for the ringing call, and the same text for dropped and missed calls.
        ["he"] = new()
        {
            [CallLabel.AnsweredCall] = "השיחה נענתה",
            [CallLabel.DroppedCall] = "שיחה שלא נענתה",
            [CallLabel.MissedCall] = "שיחה שלא נענתה",
        },
        [""] = English,
    };

    public string Get(CallLabel label, long idInstance)
    {
        var current = options.CurrentValue;
        var culture = instances.Find(idInstance)?.Culture ?? current.Culture ?? "";
        while (true)
        {
            if (CustomText(current, culture, label) is { } text
                || (BuiltIn.TryGetValue(culture, out var texts) && texts.TryGetValue(label, out text)))
            {
                return text;
            }

            if (culture.Length == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(label), label, "The label has no text.");
            }

            // "ru-RU", "ru", "". Not CultureInfo.Parent: it needs ICU, which trimmed and native hosts omit.
            culture = culture[..Math.Max(culture.LastIndexOf('-'), 0)];
        }
    }

    private static string? CustomText(IncomingCallsOptions current, string culture, CallLabel label) =>
        current.Labels?.FirstOrDefault(entry => entry.Key.Equals(culture, StringComparison.OrdinalIgnoreCase)).Value is { } texts
        && texts.TryGetValue(label, out var text) ? text : null;
}
