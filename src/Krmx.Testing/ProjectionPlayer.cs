using System.Text;
using Krmx.State;

namespace Krmx.Testing;

/// <summary>A user in a <see cref="ProjectionPlay{TState, TView}"/>: a client, and its view as the frames alone make it.</summary>
internal sealed class ProjectionPlayer<TView>(string name, TestClient client, ClientProjection<TView> projection)
{
    private int _read;

    public string Name => name;

    public ClientProjection<TView> Projection => projection;

    /// <summary>The view that follows from the frames read.</summary>
    public JsonTree? Tree { get; private set; }

    public string? LastFrame { get; private set; }

    public void Link() => client.Link(name);

    public void Relink()
    {
        client.Drop();
        client.Connect();
        client.Link(name);
    }

    /// <summary>Reads the next frame that was delivered.</summary>
    /// <returns>The frame; null when all are read.</returns>
    public JsonTree? Read()
    {
        if (_read == client.Received.Count)
            return null;
        LastFrame = client.Received[_read++];
        JsonTree frame = JsonTree.Parse(Encoding.UTF8.GetBytes(LastFrame), JsonTree.MaxDepth);
        JsonTree? payload = frame["payload"];
        Tree = frame["type"]?.Text switch
        {
            "projection/set" => payload!["projection"],
            "projection/delta" => JsonDelta.Apply(Tree!, payload!["delta"]!),
            _ => Tree,
        };
        return frame;
    }
}
