using Npgsql;

namespace IncomingCalls.PostgreSql.Transactions;

/// <summary>Gives handlers the transaction of the claim in whose asynchronous flow they run.</summary>
internal sealed class CallEventTransaction(CurrentClaim current) : ICallEventTransaction
{
    public async ValueTask<NpgsqlTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var (claim, timeout) = current.Value ?? throw new InvalidOperationException("There is no transaction of an event here. Call BeginAsync in the handler of an event, before it starts work on other threads.");
        return await claim.BeginAsync(timeout, cancellationToken);
    }
}

/// <summary>The claim whose handler runs in the current asynchronous flow.</summary>
internal sealed class CurrentClaim
{
    private readonly AsyncLocal<(ClaimTransaction Claim, TimeSpan Timeout)?> _current = new();

    public (ClaimTransaction Claim, TimeSpan Timeout)? Value
    {
        get => _current.Value;
        set => _current.Value = value;
    }
}
