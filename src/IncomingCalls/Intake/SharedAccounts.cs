using System.Collections.Concurrent;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Intake;

/// <summary>
/// Warns of two instances that belong to one messenger account: each of them reports every call of the account, so there are two alerts and two records. The account
/// of an instance is known from its first call. Thread-safe.
/// </summary>
internal sealed class SharedAccounts(ICallInstances instances, ILogger<SharedAccounts> logger)
{
    /// <summary>Far more than a host has; it bounds what a sender of invented accounts can fill.</summary>
    private const int MaxAccounts = 20_000;

    private readonly ConcurrentDictionary<(string Messenger, ChatId Account), long> _instances = new();
    private readonly ConcurrentDictionary<(long, long), bool> _warned = new();

    /// <summary>Records the account of a notification, and logs once for each pair if another instance has it.</summary>
    public void Record(IncomingCallNotification call)
    {
        var (idInstance, account) = (call.Instance.IdInstance, call.Instance.Wid);
        if (account is null || _instances.Count >= MaxAccounts)
        {
            return;
        }

        var key = (call.Instance.TypeInstance ?? "", account.Value);
        var other = _instances.GetOrAdd(key, idInstance);
        if (other == idInstance)
        {
            return;
        }

        if (instances.AreListed && instances.Find(other) is null)
        {
            // The instance was replaced by this one.
            _instances[key] = idInstance;
        }
        else if (_warned.TryAdd((other, idInstance), true))
        {
            logger.SharedAccount(other, idInstance);
        }
    }
}
