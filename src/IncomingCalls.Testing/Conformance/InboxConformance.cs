using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Testing.Conformance.Cases;

namespace IncomingCalls.Testing;

/// <summary>
/// The conformance suite of inboxes, independent of any test framework. Run each case with a new <see cref="InboxUnderTest"/>; run the
/// cases with <see cref="InboxConformanceCase.IsForDurable"/> only for inboxes that survive a restart.
/// </summary>
[Experimental("ICEXP001")]
public static class InboxConformance
{
    /// <summary>All cases, for in-memory and for durable inboxes.</summary>
    public static IReadOnlyList<InboxConformanceCase> Cases { get; } =
    [
        .. AcceptanceCases.All,
        .. DuplicateCases.All,
        .. OrderCases.All,
        .. FailureCases.All,
        .. DispatchCases.All,
        .. CallerNameCases.All,
        .. AlertCases.All,
        .. OutcomeCases.All,
        .. OutgoingCallCases.All,
        .. CallJournalCases.All,
        .. SettleTimeCases.All,
        .. DestinationCases.All,
        .. RateLimitCases.All,
        .. QuarantineCases.All,
        .. DeadLetterCases.All,
        .. FilterCases.All,
        .. AdministrationLogCases.All,
        .. RestartCases.All,
        .. IdleCases.All,
        .. HandlerStoreCases.All,
        .. HandlerStoreRestartCases.All,
        .. CallbackCases.All,
        .. CallbackRestartCases.All,
        .. ErasureCases.All,
    ];
}
