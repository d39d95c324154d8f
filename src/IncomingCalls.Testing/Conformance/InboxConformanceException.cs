using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Testing;

/// <summary>An inbox broke a promise.</summary>
[Experimental("ICEXP001")]
public class InboxConformanceException : Exception
{
    /// <summary>Says which.</summary>
    /// <param name="message">What was expected, and what happened.</param>
    public InboxConformanceException(string message)
        : base(message)
    {
    }
}
