using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// Knows the ids of the accounts of instances that notifications do not contain. A notification contains the number of the account
/// (<see cref="InstanceData.Wid"/>); with linked ids, <see cref="IncomingCallNotification.From"/> can be the linked id of the account.
/// </summary>
/// <remarks>A singleton and thread-safe. It is called for each call notification before it is stored, so it answers from memory.</remarks>
[Experimental("ICEXP001")]
public interface IOwnIdentities
{
    /// <summary>Returns whether an id is known to be that of the account of an instance.</summary>
    /// <param name="idInstance">The number of the instance.</param>
    /// <param name="chatId">The id.</param>
    /// <returns>true if it is; false if it is not, or if the ids of the account are not known yet.</returns>
    bool IsOwn(long idInstance, ChatId chatId);
}
