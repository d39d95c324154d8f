using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Testing.Conformance.Cases;

namespace IncomingCalls.Testing;

/// <summary>
/// The promises that every inbox keeps, as cases free of any test framework. Run each with a fresh <see cref="InboxUnderTest"/>;
/// those <see cref="InboxConformanceCase.IsForDurable"/> only where the inbox survives a restart.
/// </summary>
[Experimental("ICEXP001")]
public static class InboxConformance
{
    /// <summary>All cases.</summary>
    public static IReadOnlyList<InboxConformanceCase> Cases { get; } =
    [
        .. AcceptanceCases.All,
        .. DuplicateCases.All,
        .. OrderCases.All,
        .. FailureCases.All,
        .. AlertCases.All,
        .. OutcomeCases.All,
        .. QuarantineCases.All,
        .. DeadLetterCases.All,
        .. RestartCases.All,
    ];
}
