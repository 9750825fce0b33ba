namespace Krmx.Conformance.Targets;

/// <summary>What handles the requests of the rules on a server of ours.</summary>
internal static class Requests
{
    public static void Handle(KrmxRoomCore server)
    {
        server.OnRequest<int, int>("double", (_, number) => number > 9 ? throw new KrmxRefusedException("the number is too large") : 2 * number);
        server.OnRequest("who", user => user.Name);
        server.OnRequest<object?>("nothing", _ => null);
        server.OnRequest<int>("break", _ => throw new InvalidOperationException(Application.Deliberate));
        server.OnRequest("unlink", user =>
        {
            server.Unlink(user.Name);
            return true;
        });
    }
}
