using System.Globalization;
using IncomingCalls.Shared;

namespace IncomingCalls.Records;

/// <summary>
/// Creates the text of a chat record: that of the instance, of its account, of its language or of the nearest parent language, whichever is
/// there first. A text that the host has configured for a language takes precedence over the built-in one.
/// </summary>
/// <remarks>
/// The built-in texts are those of the vendor's documentation in Russian, Hebrew and English, see
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

    public string Create(CallEvent callEvent)
    {
        var current = options.CurrentValue;
        var instance = instances.Find(callEvent.Call.Key.IdInstance);
        var account = instance?.Account is { } name ? Find(current.Accounts, name) : null;
        return LabelTemplate.Fill(FindText(callEvent.Decision.Label, current, account, instance), placeholder => placeholder switch
        {
            "name" => callEvent.Caller.DisplayName,
            "phone" => callEvent.Caller.PhoneNumber ?? "",
            "line" => NullIfBlank(instance?.Name) ?? callEvent.Call.Key.IdInstance.ToString(CultureInfo.InvariantCulture),
            "time" => ToLocal(callEvent.OccurredAt, instance?.TimeZone, account?.TimeZone, current.TimeZone).ToString("HH:mm", CultureInfo.InvariantCulture),
            _ => null,
        });
    }

    private static string FindText(CallLabel label, IncomingCallsOptions current, CallAccountOptions? account, CallInstance? instance)
    {
        if (instance?.Labels?.GetValueOrDefault(label) is { } ofInstance)
        {
            return ofInstance;
        }

        if (account?.Labels is { } ofAccount && ofAccount.TryGetValue(label, out var text))
        {
            return text;
        }

        var culture = NullIfBlank(instance?.Culture) ?? NullIfBlank(account?.Culture) ?? current.Culture ?? "";
        while (true)
        {
            if ((Find(current.Labels, culture) is { } custom && custom.TryGetValue(label, out text))
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

    private static DateTimeOffset ToLocal(DateTimeOffset time, params ReadOnlySpan<string?> timeZones)
    {
        foreach (var name in timeZones)
        {
            if (!string.IsNullOrEmpty(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            {
                return TimeZoneInfo.ConvertTime(time, zone);
            }
        }

        return time.ToUniversalTime();
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static T? Find<T>(IDictionary<string, T>? values, string key)
        where T : class =>
        values?.FirstOrDefault(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
}
