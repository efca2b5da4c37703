"""What the wallet will do: daily credits in, simulated days out. The only room with floats, and with numpy."""
