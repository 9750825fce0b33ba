using System.Runtime.CompilerServices;

namespace Krmx.State;

/// <summary>What is attached to each server and client, which know nothing of it.</summary>
internal static class Attachments
{
    private static readonly ConditionalWeakTable<KrmxRoomCore, DomainRouter<KrmxUser>> Servers = [];
    private static readonly ConditionalWeakTable<ClientSession, DomainRouter<ClientSession>> Clients = [];

    public static DomainRouter<KrmxUser> Of(KrmxRoomCore server) => Servers.GetValue(server, static server => new(
        server.OnMessage, (user, type, error) => server.ReportRefused(user.Name, type, error)));

    public static DomainRouter<ClientSession> Of(ClientSession client) => Clients.GetValue(client, static client => new(
        (type, handler) => client.OnMessage(type, message => handler(client, message)),
        (_, type, error) => client.ReportRefused(type, error)));

    public static void DemandDomain(string domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (domain.Length == 0 || !Utf16.IsWellFormed(domain))
            throw new ArgumentException("A domain is a text that is not empty and has no lone surrogate.", nameof(domain));
    }
}
