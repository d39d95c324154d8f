using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls;

/// <summary>What tells one call from every other: the instance and the <c>idMessage</c>.</summary>
public readonly record struct CallKey
{
    /// <summary>Names a call.</summary>
    /// <param name="idInstance">The account that was called.</param>
    /// <param name="idMessage">The id of the call within the instance.</param>
    [SetsRequiredMembers]
    public CallKey(long idInstance, string idMessage) => (IdInstance, IdMessage) = (idInstance, idMessage);

    /// <summary>The account that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The id of the call within the instance.</summary>
    public required string IdMessage { get; init; }

    /// <summary><c>1101000001/AAAA…</c>: it holds no phone number.</summary>
    /// <returns>The key as text.</returns>
    public override string ToString() => $"{IdInstance}/{IdMessage}";
}
