using IncomingCalls.Shared;

namespace IncomingCalls;

/// <summary>
/// The settings of the instances of one account, that is, of one customer of the host; configuration section
/// <c>IncomingCalls:Accounts:{name}</c>, where the name is that of <see cref="CallInstance.Account"/>.
/// </summary>
public sealed class CallAccountOptions
{
    /// <summary>The keys of an account.</summary>
    internal static readonly KnownKeys Keys = new()
    {
        nameof(Culture),
        nameof(TimeZone),
        { nameof(Labels), KnownKeys.Entries(nameof(CallLabel.MissedCall)) },
    };

    /// <summary>The language of the chat records, for example <c>ru</c>.</summary>
    /// <value>Default: null, which means <see cref="IncomingCallsOptions.Culture"/>.</value>
    public string? Culture { get; set; }

    /// <summary>The time zone of the chat records, as an IANA name such as <c>Europe/Moscow</c>.</summary>
    /// <value>Default: null, which means <see cref="IncomingCallsOptions.TimeZone"/>.</value>
    public string? TimeZone { get; set; }

    /// <summary>
    /// Texts that take precedence over those of the language, by label; for example <c>IncomingCalls:Accounts:acme:Labels:MissedCall</c>. They may contain
    /// the placeholders of <see cref="IncomingCallsOptions.Labels"/>.
    /// </summary>
    /// <value>Default: null.</value>
    public IDictionary<CallLabel, string>? Labels { get; set; }
}
