using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>What an attempt says about the next one.</summary>
[Experimental("ICEXP001")]
public enum AttemptOutcome
{
    /// <summary>Done.</summary>
    Succeeded = 0,

    /// <summary>To be tried again.</summary>
    Failed,

    /// <summary>Never to be tried again.</summary>
    Rejected,
}
